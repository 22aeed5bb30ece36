/** A trail as a Mermaid flowchart, which Obsidian draws without this plugin. */
import { oneLine } from '../../shared/kernel/markdown.ts';
import type { Story } from './story.ts';
import { tellsOf, type Moment } from './trail-picture.ts';

export function mermaidOf({ items, ties }: Story, moment: Moment): string {
  const idOf = new Map(items.map(({ key }, at) => [key, `n${at + 1}`]));
  const nodes = items.map((item) => {
    const lines = [item.name, ...[item.first, item.last].flatMap((step) => (step ? [tellsOf(step, moment)] : []))];
    return `  ${idOf.get(item.key)!}["${lines.map(label).join('<br/>')}"]`;
  });
  const lines = ties.map(({ from, to, how }) => `  ${idOf.get(from)!} -->|"${label(how)}"| ${idOf.get(to)!}`);
  const focus = items.filter(({ isFocus }) => isFocus).map(({ key }) => `  style ${idOf.get(key)!} stroke-width:3px`);
  return ['flowchart TD', ...nodes, ...lines, ...focus].join('\n');
}

/** Signs that stay between such neighbours: `T-192`, `94.2`, `01:12`. */
const INSIDE: Readonly<Record<string, RegExp>> = { '-': /[\p{L}\p{N}]/u, '.': /\d/, ':': /\d/ };
const HARMLESS = /^[\p{L}\p{M}\p{N} ·,–→…]$/u;

/**
 * Inside the quotes of a label everything but letters stands as an entity code: no quote, bracket, backtick, comment (`%%`), link, list or
 * tag of Markdown is left for any of the readers behind each other (Mermaid's grammar, its Markdown, HTML). `direction` and `style` mean
 * something to the grammar even there; their first letter stands as a code.
 */
export function label(text: string): string {
  const chars = [...oneLine(text)];
  return chars
    .map((char, at) => {
      const inside = INSIDE[char];
      const stays = inside ? [at - 1, at + 1].every((by) => inside.test(chars[by] ?? '')) : HARMLESS.test(char);
      return stays ? char : `#${char.codePointAt(0)!};`;
    })
    .join('')
    .replace(/direction|style|classDef/gi, (word) => `#${word.codePointAt(0)!};${word.slice(1)}`);
}
