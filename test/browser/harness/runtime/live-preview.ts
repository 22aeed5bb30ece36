/** Live Preview, as far as notes here need it: headings, links, emphasis, comments, checkboxes, hidden frontmatter, panels. */
import { EditorSelection, EditorState, StateEffect, StateField, type Extension, type Range } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';
import { editorLivePreviewField } from './editor-fields.ts';
import { getFrontMatterInfo } from './frontmatter.ts';
import type { MarkdownView } from './markdown-view.ts';
import { Checkbox, Panel, RenderedBlock } from './live-widgets.ts';

const focus = StateEffect.define<boolean>();
const focused = StateField.define<boolean>({
  create: () => false,
  update: (value, { effects }) => effects.reduce((now, effect) => (effect.is(focus) ? effect.value : now), value),
});

export function livePreview(owner: () => MarkdownView): Extension {
  const decorations = StateField.define<DecorationSet>({
    create: (state) => decorate(state, owner),
    update: (value, transaction) =>
      transaction.docChanged || transaction.selection || transaction.effects.length > 0
        ? decorate(transaction.state, owner)
        : value,
    provide: (field) => EditorView.decorations.from(field),
  });
  return [belowProperties, focused, EditorView.focusChangeEffect.of((_, on) => focus.of(on)), decorations];
}

/** The text behind the properties panel takes no cursor. */
const belowProperties = EditorState.transactionFilter.of((transaction) => {
  const { selection, startState } = transaction;
  if (!selection || transaction.docChanged || !startState.field(editorLivePreviewField)) return transaction;
  const start = Math.min(getFrontMatterInfo(startState.doc.toString()).contentStart, startState.doc.length);
  if (selection.ranges.every((range) => range.from >= start)) return transaction;
  const ranges = selection.ranges.map(({ anchor, head }) =>
    EditorSelection.range(Math.max(anchor, start), Math.max(head, start)),
  );
  return [transaction, { selection: EditorSelection.create(ranges, selection.mainIndex) }];
});

const inline: { pattern: RegExp; cls: string; open: number; close: number }[] = [
  { pattern: /\[\[[^\]\n]+\]\]/g, cls: 'cm-hmd-internal-link', open: 2, close: 2 },
  { pattern: /\*\*[^*\n]+\*\*/g, cls: 'cm-strong', open: 2, close: 2 },
  { pattern: /(?<![*\w])\*[^*\s][^*\n]*\*(?!\*)/g, cls: 'cm-em', open: 1, close: 1 },
  { pattern: /~~[^~\n]+~~/g, cls: 'cm-strikethrough', open: 2, close: 2 },
  { pattern: /==[^=\n]+==/g, cls: 'cm-highlight', open: 2, close: 2 },
  { pattern: /`[^`\n]+`/g, cls: 'cm-inline-code', open: 1, close: 1 },
  { pattern: /(?<=^|\s)#[\p{L}\d_/-]*[\p{L}_/-][\p{L}\d_/-]*/gu, cls: 'cm-hashtag', open: 0, close: 0 },
];

function decorate(state: EditorState, owner: () => MarkdownView): DecorationSet {
  const live = state.field(editorLivePreviewField);
  const text = state.doc.toString();
  const out: Range<Decoration>[] = [];
  const { from: selFrom, to: selTo } = state.selection.main;
  const touched = (from: number, to: number) => state.field(focused, false) === true && selFrom <= to && selTo >= from;
  const front = getFrontMatterInfo(text);
  const frontEnd = front.exists ? state.doc.lineAt(Math.max(0, Math.min(front.contentStart, text.length) - 1)) : null;
  if (live && frontEnd) out.push(Decoration.replace({ block: true }).range(0, frontEnd.to));
  let [comment, line] = [false, frontEnd ? frontEnd.number + 1 : 1];
  for (; line <= state.doc.lines; line++) {
    const { from, to, text: content } = state.doc.line(line);
    const fence = /^(```+|~~~+)\s*([\w-]*)/.exec(content);
    if (fence && !comment) {
      let last = line + 1;
      while (last < state.doc.lines && !state.doc.line(last).text.startsWith(fence[1] as string)) last += 1;
      const end = state.doc.line(Math.min(last, state.doc.lines));
      const source = last > line + 1 ? state.sliceDoc(to + 1, end.from - 1) : '';
      const language = fence[2] as string;
      if (
        live &&
        owner().mode__ === 'source' &&
        owner().app.plugins__.codeBlocks.has(language) &&
        !touched(from, end.to)
      ) {
        out.push(Decoration.replace({ widget: new Panel(language, source, owner), block: true }).range(from, end.to));
      } else
        for (let at = line; at <= end.number; at++) out.push(lineClass('HyperMD-codeblock', state.doc.line(at).from));
      line = end.number;
      continue;
    }
    const last = live && !comment ? lastRenderedLine(state, line) : 0;
    if (last > 0 && owner().mode__ === 'source') {
      const end = state.doc.line(last).to;
      if (!touched(from, end)) {
        out.push(
          Decoration.replace({ widget: new RenderedBlock(state.sliceDoc(from, end), owner), block: true }).range(
            from,
            end,
          ),
        );
        line = last;
        continue;
      }
    }
    const opens = content.split('%%').length - 1;
    if (comment || opens > 0) out.push(lineClass('cm-comment-line', from));
    if (opens % 2 === 1) comment = !comment;
    else if (!comment && opens === 0) decorateLine(out, from, content, live && !touched(from, to));
  }
  return Decoration.set(out, true);
}

/** Callouts and tables are drawn as such: the number of their last line, or 0. */
function lastRenderedLine(state: EditorState, first: number): number {
  const text = (line: number) => (line <= state.doc.lines ? state.doc.line(line).text : '');
  const table = /^\s*\|/.test(text(first)) && /^\s*\|?[\s:|-]*-[\s:|-]*$/.test(text(first + 1));
  const belongs = table ? /^\s*\|/ : /^>\s*\[!/.test(text(first)) ? /^>/ : null;
  if (!belongs) return 0;
  let last = first;
  while (last < state.doc.lines && belongs.test(text(last + 1))) last += 1;
  return last;
}

function decorateLine(out: Range<Decoration>[], from: number, content: string, hide: boolean): void {
  const heading = /^(#{1,6})\s+/.exec(content);
  if (heading) {
    out.push(lineClass(`HyperMD-header HyperMD-header-${(heading[1] as string).length}`, from));
    if (hide) out.push(Decoration.replace({}).range(from, from + heading[0].length));
  }
  if (/^>\s?/.test(content)) out.push(lineClass('HyperMD-quote', from));
  const item = /^(\s*)([-*+]|\d+[.)]) (?:\[(.)\] )?/.exec(content);
  if (item) {
    const done = item[3] !== undefined && item[3] !== ' ';
    out.push(lineClass(`HyperMD-list-line${done ? ' is-checked' : ''}`, from));
    const [marker, box] = [from + (item[1] as string).length, from + item[0].length - 4];
    if (hide && item[3] !== undefined) {
      out.push(Decoration.replace({}).range(marker, box));
      out.push(Decoration.replace({ widget: new Checkbox(item[3]) }).range(box, box + 3));
    } else if (item[2] === '-') out.push(Decoration.mark({ class: 'list-bullet' }).range(marker, marker + 1));
  }
  for (const { pattern, cls, open, close } of inline) {
    for (const match of content.matchAll(pattern)) {
      const [start, end] = [from + match.index, from + match.index + match[0].length];
      out.push(Decoration.mark({ class: cls }).range(start + open, end - close));
      if (!hide || open === 0) continue;
      const alias = cls === 'cm-hmd-internal-link' ? match[0].indexOf('|') + 1 : 0;
      out.push(Decoration.replace({}).range(start, start + Math.max(open, alias)));
      out.push(Decoration.replace({}).range(end - close, end));
    }
  }
}

const lineClass = (cls: string, at: number): Range<Decoration> => Decoration.line({ class: cls }).range(at);
