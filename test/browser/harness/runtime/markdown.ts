/** Markdown to HTML as the reading view shows it: top-level blocks with their lines, wikilinks, tasks, tags, no comments. */
import MarkdownIt from 'markdown-it';
import { getFrontMatterInfo } from './frontmatter.ts';

export interface Block {
  readonly tag: string;
  readonly html: string;
  readonly source: string;
  readonly lineStart: number;
  readonly lineEnd: number;
}

const md = new MarkdownIt({ html: true, linkify: true, breaks: true });
type Inline = Parameters<Parameters<typeof md.inline.ruler.push>[1]>[0];

md.inline.ruler.before('link', 'wikilink', (state: Inline, silent: boolean) => {
  const match = /^(!?)\[\[([^\]|\n]+)(?:\|([^\]\n]*))?\]\]/.exec(state.src.slice(state.pos));
  if (!match) return false;
  if (!silent) {
    const [, embed, link = '', alias] = match;
    const token = state.push('html_inline', '', 0);
    const text = md.utils.escapeHtml(alias ?? link.replace(/^.*\//, '').replace('#', ' > '));
    const href = md.utils.escapeHtml(link);
    token.content = embed
      ? `<span class="internal-embed" src="${href}">${text}</span>`
      : `<a class="internal-link" data-href="${href}" href="${href}">${text}</a>`;
  }
  state.pos += match[0].length;
  return true;
});

md.inline.ruler.before('link', 'tag', (state: Inline, silent: boolean) => {
  if (state.src[state.pos] !== '#' || /\S/.test(state.src[state.pos - 1] ?? ' ')) return false;
  const match = /^#[\p{L}\d_/-]*[\p{L}_/-][\p{L}\d_/-]*/u.exec(state.src.slice(state.pos));
  if (!match) return false;
  if (!silent) state.push('html_inline', '', 0).content = `<a class="tag" href="${match[0]}">${match[0]}</a>`;
  state.pos += match[0].length;
  return true;
});

md.inline.ruler.before('emphasis', 'highlight', (state: Inline, silent: boolean) => {
  const match = /^==([^=\n]+)==/.exec(state.src.slice(state.pos));
  if (!match) return false;
  if (!silent) state.push('html_inline', '', 0).content = `<mark>${md.utils.escapeHtml(match[1] as string)}</mark>`;
  state.pos += match[0].length;
  return true;
});

/** Blanks, line for line, what is never shown: properties and %% comments %%, but not inside code. */
export function withoutHidden(text: string): string {
  const front = getFrontMatterInfo(text);
  const blank = (part: string) => part.replace(/[^\n]/g, '');
  let [fence, comment] = ['', false];
  const lines = (blank(text.slice(0, front.contentStart)) + text.slice(front.contentStart)).split('\n');
  return lines
    .map((line) => {
      const mark = /^\s*(```+|~~~+)/.exec(line)?.[1];
      if (!comment && mark && (fence === '' || mark.startsWith(fence))) fence = fence === '' ? mark : '';
      if (fence !== '' || mark) return line;
      return line
        .split(/(%%)/)
        .filter((part) => (part === '%%' ? ((comment = !comment), false) : !comment))
        .join('')
        .replace(/^\s+$/, '');
    })
    .join('\n');
}

export function toBlocks(text: string): Block[] {
  const clean = text.replace(/\r\n?/g, '\n');
  const lines = withoutHidden(clean).split('\n');
  const env = {};
  const tokens = md.parse(lines.join('\n'), env);
  const blocks: Block[] = [];
  for (let at = 0; at < tokens.length;) {
    const first = tokens[at] as (typeof tokens)[number];
    let end = at + 1;
    for (let depth = first.nesting; depth > 0; end++) depth += tokens[end]?.nesting ?? -1;
    const [lineStart, lineEnd] = first.map ?? [0, 0];
    const part = tokens.slice(at, end);
    markTasks(part, lineStart);
    blocks.push({
      tag: first.type === 'fence' ? 'pre' : first.tag || 'div',
      html: md.renderer.render(part, md.options, env),
      source: lines.slice(lineStart, lineEnd).join('\n'),
      lineStart,
      lineEnd: lineEnd - 1,
    });
    at = end;
  }
  return blocks;
}

/** Lines count from the start of the block, so that a block that only moved keeps its DOM. */
function markTasks(tokens: ReturnType<typeof md.parse>, blockStart: number): void {
  let line = blockStart;
  let item: (typeof tokens)[number] | undefined;
  for (const token of tokens) {
    if (token.type === 'list_item_open') [item, line] = [token, token.map?.[0] ?? line];
    const text = token.type === 'inline' ? token.children?.[0] : undefined;
    const task = item && text?.type === 'text' ? /^\[(.)\] /.exec(text.content) : null;
    if (!item || token.type !== 'inline') continue;
    if (task && text) {
      const mark = task[1] as string;
      item.attrJoin('class', `task-list-item${mark === ' ' ? '' : ' is-checked'}`);
      item.attrSet('data-task', mark);
      text.type = 'html_inline';
      const rest = md.utils.escapeHtml(text.content.slice(task[0].length));
      const checked = mark === ' ' ? '' : ' checked';
      text.content = `<input class="task-list-item-checkbox" type="checkbox" data-line="${line - blockStart}"${checked}>${rest}`;
    }
    item = undefined;
  }
}
