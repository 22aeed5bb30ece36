/** A trail as a note that stays readable without this plugin: the diagram, every step in a table, how long things took, and where it ends. */
import { sha256HexOfText } from '../../shared/kernel/bytes.ts';
import { localDate, localDateTime } from '../../shared/kernel/local-time.ts';
import { fileName, inline, oneLine, plainProperty, wikilink } from '../../shared/kernel/markdown.ts';
import { isCausal } from '../../shared/kernel/trail.ts';
import { frontmatterOf } from '../notes/frontmatter.ts';
import { withLf } from '../notes/splice.ts';
import { mermaidOf } from './mermaid.ts';
import { evidenceIn } from './said.ts';
import type { Item, Step, Story } from './story.ts';
import type { Moment } from './trail-picture.ts';
import { inNotesWords } from '../words/index.ts';

/** The digest of the whole note without the digest: tells whether anybody has changed it since. */
const DIGEST = 'operary_sha256';
const LINE = new RegExp(`^${DIGEST}:.*$`, 'm');

export const trailNoteName = ({ focus }: Story): string => `${fileName(focus.name)} (trail)`;

const digestOf = (text: string): string => sha256HexOfText(withLf(text).replace(LINE, `${DIGEST}:`));

/** Whether the note stands as it was once written, here or on another device. */
export const isUntouched = (text: string): boolean => LINE.exec(withLf(text))?.[0] === `${DIGEST}: ${digestOf(text)}`;

export function trailNote(story: Story, zone: string, now: string): string {
  const { focus, root, steps, ends } = story;
  const local = (at: string): string => localDateTime(at, zone);
  const times = steps.map(({ event }) => event.occurredAt).sort();
  const properties = {
    operary_type: 'trail',
    [DIGEST]: null,
    trail_of: focus.note === undefined ? plainProperty(focus.name) : wikilink(focus.note),
    root: root ? plainProperty(root.name) : null,
    from: times.length ? local(times[0]!) : null,
    to: times.length ? local(times.at(-1)!) : null,
    entries: steps.length,
    complete: !ends.length,
    saved: local(now),
    tags: ['operary/trail'],
    cssclasses: ['operary-wide'],
  };
  const text = `${frontmatterOf(properties)}${[
    inNotesWords.heading(inline(focus.name)),
    inNotesWords.rootLine(rootIn(story)),
    `\`\`\`mermaid\n${mermaidOf(story, momentIn(story, zone))}\n\`\`\``,
    table(story, zone),
    closing(story),
  ].join('\n\n')}\n`;
  return text.replace(LINE, `${DIGEST}: ${digestOf(text)}`);
}

/** With the day where the trail has more than one. */
export function momentIn(story: Story, zone: string): Moment {
  const start = daysOf(story, zone).length > 1 ? 0 : 11;
  return (at) => localDateTime(at, zone).slice(start).replace('T', ' ');
}

const daysOf = ({ steps }: Story, zone: string): readonly string[] => [
  ...new Set(
    steps.flatMap(({ event: { occurredAt, recordedAt } }) =>
      [occurredAt, recordedAt ?? occurredAt].map((at) => localDate(at, zone)),
    ),
  ),
];

const rootIn = ({ root, roots }: Story): string =>
  root ? linked(root) : roots ? inNotesWords.notAlone(roots) : inNotesWords.circle;

const linked = ({ note, name }: Item): string => (note === undefined ? inline(name) : wikilink(note));

function table(story: Story, zone: string): string {
  const items = new Map(story.items.map((item) => [item.key, item]));
  const [moment, days] = [momentIn(story, zone), daysOf(story, zone)];
  const clock = (at: string | null): string =>
    at === null ? '–' : `${moment(at)}:${/:\d\d:(\d\d)/.exec(at)?.[1] ?? '00'}`;
  const rows = story.steps.map((step) => {
    const item = step.item === undefined ? undefined : items.get(step.item);
    const cells = [
      String(step.number),
      clock(step.event.occurredAt),
      clock(step.event.recordedAt),
      inline(step.who),
      whatIn(step, item),
      step.isRoot ? inNotesWords.rootMark : step.upstream.join(', ') || '–',
      evidenceOf(step),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return `${inNotesWords.head}\n${rows.join('\n')}\n\n${inNotesWords.timesAre(zone, days.length === 1 ? days[0] : undefined)}`;
}

function whatIn({ what, said, changes }: Step, item: Item | undefined): string {
  const name = item ? ` ${linked(item)}` : '';
  return [`**${inline(what)}**${name}`, ...[said, ...changes].filter(Boolean).map(inline)].join(' · ');
}

/** Files by their SHA-256, and what outside of the causes speaks for it (the delivery of a machine). */
const evidenceOf = ({ event }: Step): string =>
  [
    ...evidenceIn(event.body).map((sha256) => `\`sha256:${oneLine(sha256).replaceAll('`', '').slice(0, 12)}\``),
    ...event.upstream
      .filter(({ rel }) => !isCausal(rel))
      .map(({ kind, id }) => `${inline(kind)} ${inline(id.length > 12 ? `…${id.slice(-8)}` : id)}`),
  ].join(', ') || '–';

function closing({ items, steps, rooted, root, ends, aside }: Story): string {
  const times = items.filter((item) => item.times.length);
  const files = new Set(steps.flatMap(({ event }) => evidenceIn(event.body))).size;
  return [
    ...(times.length
      ? [inNotesWords.timesLine(times.map((item) => `${inline(item.short)}: ${item.times.join(' · ')}`).join('; '))]
      : []),
    inNotesWords.check(root ? inNotesWords.rooted(rooted, steps.length) : inNotesWords.notRooted, !ends.length, files),
    ...(ends.length ? [inNotesWords.endsLine(ends.map(inline).join(' '))] : []),
    ...(aside.length
      ? [
          inNotesWords.asideLine(
            aside.map(({ number, what, who }) => `#${number} ${inline(what)}, ${inline(who)}`).join('; '),
          ),
        ]
      : []),
  ].join('\n\n');
}
