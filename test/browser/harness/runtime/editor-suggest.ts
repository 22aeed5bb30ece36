/** Suggestions while somebody types in a note. Of several the first that takes the place has it; only what is typed opens one. */
import type { ViewUpdate } from '@codemirror/view';
import type { App } from './app.ts';
import type { Editor, Position } from './editor.ts';
import type { TFile } from './files.ts';
import { PopoverSuggest } from './input-suggest.ts';

interface Trigger {
  start: Position;
  end: Position;
  query: string;
}
interface Context extends Trigger {
  editor: Editor;
  file: TFile;
}

export class EditorSuggest<T> extends PopoverSuggest<T> {
  context: Context | null = null;
  limit = 100;
  box__: HTMLElement = createDiv('suggestion-container');
  list__: HTMLElement = this.box__.createDiv('suggestion');
  instructions__: HTMLElement = createDiv('prompt-instructions');
  values__: T[] = [];
  at__ = 0;
  isOpen__ = false;

  constructor(app: App) {
    super(app);
    const on = (key: string, act: (event: KeyboardEvent) => void): void =>
      void this.scope.register([], key, (event) => {
        if (event.isComposing) return undefined;
        act(event);
        return false;
      });
    on('ArrowDown', () => this.mark__(this.at__ + 1));
    on('ArrowUp', () => this.mark__(this.at__ - 1));
    on('Enter', (event) => this.choose__(event));
    on('Escape', () => this.close());
  }

  setInstructions(instructions: { command: string; purpose: string }[]): void {
    this.instructions__.empty();
    for (const { command, purpose } of instructions) {
      const one = this.instructions__.createDiv('prompt-instruction');
      one.createSpan({ cls: 'prompt-instruction-command', text: command });
      one.createSpan({ text: purpose });
    }
    this.box__.append(this.instructions__);
  }

  onTrigger(cursor: Position, editor: Editor, file: TFile | null): Trigger | null {
    void [cursor, editor, file];
    return null;
  }

  getSuggestions(context: Context): T[] | Promise<T[]> {
    void context;
    return [];
  }

  override open(): void {
    if (this.isOpen__) return;
    this.isOpen__ = true;
    document.body.append(this.box__);
    this.app.keymap.pushScope(this.scope);
  }

  override close(): void {
    this.context = null;
    if (!this.isOpen__) return;
    this.isOpen__ = false;
    this.box__.remove();
    this.app.keymap.popScope(this.scope);
  }

  /** Whether it takes this place. */
  asked__(editor: Editor, file: TFile | null): boolean {
    const trigger = this.onTrigger(editor.getCursor(), editor, file);
    if (!trigger || !file) return false;
    const context = (this.context = { ...trigger, editor, file });
    const found = this.getSuggestions(context);
    // What came too late for what is typed now is not shown.
    if (Array.isArray(found)) this.show__(found);
    else void found.then((values) => this.context === context && this.show__(values));
    return true;
  }

  show__(values: T[]): void {
    const { context } = this;
    this.values__ = values.slice(0, this.limit);
    if (!context || !this.values__.length) return this.close();
    this.list__.empty();
    this.values__.forEach((value, at) => {
      const el = this.list__.createDiv('suggestion-item');
      this.renderSuggestion(value, el);
      el.addEventListener('mousedown', (event) => event.preventDefault());
      el.addEventListener('click', (event) => {
        this.at__ = at;
        this.choose__(event);
      });
    });
    this.open();
    this.mark__(0);
    this.place__(context);
  }

  place__({ editor, start }: Context): void {
    const at = editor.view__.coordsAtPos(editor.posToOffset(start));
    if (!at) return;
    const { offsetWidth: width, offsetHeight: height } = this.box__;
    const top = at.bottom + height > window.innerHeight ? Math.max(0, at.top - height) : at.bottom;
    const left = Math.max(0, Math.min(at.left, window.innerWidth - width));
    this.box__.setCssProps({ left: `${left}px`, top: `${top}px` });
  }

  mark__(at: number): void {
    const all = [...this.list__.children];
    this.at__ = (at + all.length) % all.length;
    all.forEach((el, i) => el.toggleClass('is-selected', i === this.at__));
    all[this.at__]!.scrollIntoView({ block: 'nearest' });
  }

  choose__(event: MouseEvent | KeyboardEvent): void {
    const value = this.values__[this.at__];
    if (value !== undefined) this.selectSuggestion(value, event);
  }
}

export class EditorSuggests {
  readonly all: EditorSuggest<unknown>[] = [];
  private current: EditorSuggest<unknown> | undefined;

  updated(
    { docChanged, selectionSet, focusChanged, view }: ViewUpdate,
    editor: Editor,
    file: () => TFile | null,
  ): void {
    if (focusChanged && !view.hasFocus) this.close();
    // The editor cannot be measured before its update is over.
    if ((docChanged || selectionSet) && view.hasFocus) queueMicrotask(() => this.ask(docChanged, editor, file()));
  }

  close(): void {
    this.current?.close();
    this.current = undefined;
  }

  private ask(mayOpen: boolean, editor: Editor, file: TFile | null): void {
    if (!mayOpen && !this.current?.isOpen__) return;
    const found = this.all.find((suggest) => suggest.asked__(editor, file));
    if (this.current !== found) this.close();
    this.current = found;
  }
}
