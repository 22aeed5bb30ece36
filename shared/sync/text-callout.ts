/**
 * The callout in which several versions of a passage wait for a person to choose. It is flat however often it is merged: what stands in
 * it is a set of versions, in an order that follows from their content alone.
 */

const TITLE = '> [!warning] More than one version of this passage: keep what is right, delete the rest';
const MARK = /^\*\*(?:One|Another) version:\*\*$/;

export const isBlank = (text: string): boolean => text.trim() === '';

export const isCallout = (item: string): boolean => item === TITLE || item.startsWith(`${TITLE}\n`);

/** The lines of a text, each callout of ours being one item. */
export function itemsOf(text: string): readonly string[] {
  const items: string[] = [];
  for (const line of text.split('\n')) {
    const last = items.at(-1);
    if (line.startsWith('>') && line !== TITLE && last !== undefined && isCallout(last))
      items[items.length - 1] = `${last}\n${line}`;
    else items.push(line);
  }
  return items;
}

/** One item; the versions are texts without blank lines around them. */
export function calloutOf(versions: readonly string[]): string {
  const inside = [...versions]
    .sort()
    .flatMap((version, index) => [
      ...(index === 0 ? ['**One version:**'] : ['', '**Another version:**']),
      ...version.split('\n'),
    ]);
  return [TITLE, ...inside.map((line) => (line === '' ? '>' : `> ${line}`))].join('\n');
}

/** The passage as it reads with the first version of every callout in it, with the second, and so on until each version has been used. */
export function readingsOf(items: readonly string[]): readonly string[] {
  const choices = items.map((item) => (isCallout(item) ? versionsIn(item) : [item]));
  const most = choices.reduce((longest, versions) => Math.max(longest, versions.length), 1);
  return Array.from({ length: most }, (_, nth) =>
    withoutBlankEnds(choices.map((versions) => versions[Math.min(nth, versions.length - 1)] ?? '')),
  );
}

function versionsIn(callout: string): readonly string[] {
  const versions: string[][] = [[]];
  for (const line of callout.split('\n').slice(1)) {
    const text = line.replace(/^> ?/, '');
    if (MARK.test(text)) versions.push([]);
    else versions.at(-1)!.push(text);
  }
  return versions.map(withoutBlankEnds).filter((version) => version !== '');
}

export const withoutBlankEnds = (lines: readonly string[]): string =>
  lines
    .slice(
      lines.findIndex((line) => !isBlank(line)),
      lines.findLastIndex((line) => !isBlank(line)) + 1,
    )
    .join('\n');
