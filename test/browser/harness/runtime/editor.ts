/** Obsidian's Editor over a real CodeMirror view. Lines count from 0 here, from 1 there. */
import {
  redo,
  undo,
  cursorDocEnd,
  cursorDocStart,
  deleteLine,
  indentLess,
  indentMore,
  insertNewlineAndIndent,
} from '@codemirror/commands';
import {
  moveLineDown,
  moveLineUp,
  cursorCharLeft,
  cursorCharRight,
  cursorGroupLeft,
  cursorGroupRight,
  cursorLineDown,
  cursorLineUp,
} from '@codemirror/commands';
import { EditorSelection, type ChangeSpec, type StateCommand } from '@codemirror/state';
import { EditorView, type Command } from '@codemirror/view';
import { strict } from './strict.ts';

export interface Position {
  line: number;
  ch: number;
}
export interface Range {
  from: Position;
  to: Position;
}
interface Selection {
  anchor: Position;
  head?: Position;
}
interface Change {
  text: string;
  from: Position;
  to?: Position;
}

const commands: Record<string, Command | StateCommand> = {
  goUp: cursorLineUp,
  goDown: cursorLineDown,
  goLeft: cursorCharLeft,
  goRight: cursorCharRight,
  goStart: cursorDocStart,
  goEnd: cursorDocEnd,
  goWordLeft: cursorGroupLeft,
  goWordRight: cursorGroupRight,
  indentMore,
  indentLess,
  newlineAndIndent: insertNewlineAndIndent,
  swapLineUp: moveLineUp,
  swapLineDown: moveLineDown,
  deleteLine,
};

export class Editor {
  // Public in practice and used by everyone, yet not in the typings: `cm` stays out of reach here.
  view__: EditorView;

  constructor(view: EditorView) {
    this.view__ = view;
    return strict(this, 'Editor');
  }

  getDoc(): this {
    return this;
  }

  refresh(): void {
    this.view__.requestMeasure();
  }

  getValue(): string {
    return this.view__.state.doc.toString();
  }

  setValue(content: string): void {
    this.view__.dispatch({ changes: { from: 0, to: this.view__.state.doc.length, insert: content } });
  }

  getLine(line: number): string {
    const { doc } = this.view__.state;
    return line >= 0 && line < doc.lines ? doc.line(line + 1).text : '';
  }

  setLine(line: number, text: string): void {
    this.replaceRange(text, { line, ch: 0 }, { line, ch: this.getLine(line).length });
  }

  lineCount(): number {
    return this.view__.state.doc.lines;
  }

  lastLine(): number {
    return this.lineCount() - 1;
  }

  getSelection(): string {
    const { from, to } = this.view__.state.selection.main;
    return this.view__.state.sliceDoc(from, to);
  }

  somethingSelected(): boolean {
    return !this.view__.state.selection.main.empty;
  }

  getRange(from: Position, to: Position): string {
    return this.view__.state.sliceDoc(this.posToOffset(from), this.posToOffset(to));
  }

  replaceSelection(replacement: string, origin?: string): void {
    this.view__.dispatch({ ...this.view__.state.replaceSelection(replacement), ...event(origin) });
  }

  replaceRange(replacement: string, from: Position, to?: Position, origin?: string): void {
    this.view__.dispatch({
      changes: this.change__({ text: replacement, from, ...(to ? { to } : {}) }),
      ...event(origin),
    });
  }

  getCursor(side: 'from' | 'to' | 'head' | 'anchor' = 'head'): Position {
    return this.offsetToPos(this.view__.state.selection.main[side]);
  }

  listSelections(): Required<Selection>[] {
    const { ranges } = this.view__.state.selection;
    return ranges.map((range) => ({ anchor: this.offsetToPos(range.anchor), head: this.offsetToPos(range.head) }));
  }

  setCursor(position: Position | number, ch = 0): void {
    this.setSelection(typeof position === 'number' ? { line: position, ch } : position);
  }

  setSelection(anchor: Position, head: Position = anchor): void {
    this.setSelections([{ anchor, head }]);
  }

  setSelections(ranges: Selection[], main = 0): void {
    const made = ranges.map(({ anchor, head }) =>
      EditorSelection.range(this.posToOffset(anchor), this.posToOffset(head ?? anchor)),
    );
    this.view__.dispatch({ selection: EditorSelection.create(made, main) });
  }

  focus(): void {
    this.view__.focus();
  }

  blur(): void {
    this.view__.contentDOM.blur();
  }

  hasFocus(): boolean {
    return this.view__.hasFocus;
  }

  getScrollInfo(): { top: number; left: number } {
    return { top: this.scroller__.scrollTop, left: this.scroller__.scrollLeft };
  }

  scrollTo(x?: number | null, y?: number | null): void {
    this.scroller__.scrollTo({ left: x ?? 0, top: y ?? 0 });
  }

  scrollIntoView(range: Range, center = false): void {
    const at = this.posToOffset(range.from);
    this.view__.dispatch({ effects: EditorView.scrollIntoView(at, { y: center ? 'center' : 'nearest' }) });
  }

  undo(): void {
    undo(this.view__);
  }

  redo(): void {
    redo(this.view__);
  }

  exec(name: string): void {
    commands[name]?.(this.view__);
  }

  transaction(
    wanted: {
      changes?: Change[];
      selections?: { from: Position; to?: Position }[];
      selection?: { from: Position; to?: Position };
      replaceSelection?: string;
    },
    origin?: string,
  ): void {
    const changes: ChangeSpec[] = (wanted.changes ?? []).map((change) => this.change__(change));
    this.view__.dispatch({ changes, ...event(origin) });
    if (wanted.replaceSelection !== undefined) this.replaceSelection(wanted.replaceSelection, origin);
    const selections = wanted.selections ?? (wanted.selection ? [wanted.selection] : []);
    if (selections.length > 0)
      this.setSelections(selections.map(({ from, to }) => ({ anchor: from, head: to ?? from })));
  }

  wordAt(position: Position): Range | null {
    const word = this.view__.state.wordAt(this.posToOffset(position));
    return word && { from: this.offsetToPos(word.from), to: this.offsetToPos(word.to) };
  }

  posToOffset({ line, ch }: Position): number {
    const { doc } = this.view__.state;
    if (line < 0) return 0;
    if (line >= doc.lines) return doc.length;
    const found = doc.line(line + 1);
    return Math.min(found.to, found.from + Math.max(0, ch));
  }

  offsetToPos(offset: number): Position {
    const line = this.view__.state.doc.lineAt(Math.max(0, Math.min(offset, this.view__.state.doc.length)));
    return { line: line.number - 1, ch: offset - line.from };
  }

  processLines<T>(
    read: (line: number, text: string) => T | null,
    write: (line: number, text: string, value: T | null) => Change | void,
    ignoreEmpty = true,
  ): void {
    const changes: Change[] = [];
    for (let line = 0; line < this.lineCount(); line++) {
      const text = this.getLine(line);
      if (ignoreEmpty && text.trim() === '') continue;
      const change = write(line, text, read(line, text));
      if (change) changes.push(change);
    }
    this.transaction({ changes });
  }

  get scroller__(): Element {
    return this.view__.dom.closest('.note-scroller') ?? this.view__.scrollDOM;
  }

  change__({ text, from, to }: Change): ChangeSpec {
    return { from: this.posToOffset(from), to: this.posToOffset(to ?? from), insert: text };
  }
}

const event = (origin?: string) => (origin === undefined ? {} : { userEvent: origin });
