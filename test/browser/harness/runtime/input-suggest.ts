/** Suggestions under an input: what people type asks, a click chooses. */
import type { App } from './app.ts';
import { Scope } from './scope.ts';

export class PopoverSuggest<T> {
  app: App;
  scope: Scope;

  constructor(app: App, scope?: Scope) {
    this.app = app;
    this.scope = scope ?? new Scope(app.scope);
  }

  open(): void {}

  close(): void {}

  renderSuggestion(value: T, el: HTMLElement): void {
    el.setText(String(value));
  }

  selectSuggestion(value: T, event: MouseEvent | KeyboardEvent): void {
    void value;
    void event;
  }
}

export class AbstractInputSuggest<T> extends PopoverSuggest<T> {
  limit = 100;
  input__: HTMLInputElement | HTMLDivElement;
  list__: HTMLElement = createDiv('suggestion-container');
  chosen__: ((value: T, event: MouseEvent | KeyboardEvent) => unknown) | null = null;

  constructor(app: App, input: HTMLInputElement | HTMLDivElement) {
    super(app);
    this.input__ = input;
    for (const type of ['input', 'focus']) input.addEventListener(type, () => void this.suggest__());
    input.addEventListener('blur', () => window.setTimeout(() => this.close(), 150));
  }

  getValue(): string {
    return this.input__ instanceof HTMLInputElement ? this.input__.value : (this.input__.textContent ?? '');
  }

  setValue(value: string): void {
    if (this.input__ instanceof HTMLInputElement) this.input__.value = value;
    else this.input__.setText(value);
  }

  getSuggestions(query: string): T[] | Promise<T[]> {
    void query;
    return [];
  }

  onSelect(callback: (value: T, event: MouseEvent | KeyboardEvent) => unknown): this {
    this.chosen__ = callback;
    return this;
  }

  override selectSuggestion(value: T, event: MouseEvent | KeyboardEvent): void {
    this.chosen__?.(value, event);
    this.close();
  }

  override close(): void {
    this.list__.remove();
  }

  async suggest__(): Promise<void> {
    const values = (await this.getSuggestions(this.getValue())).slice(0, this.limit);
    this.list__.empty();
    if (values.length === 0) return this.close();
    for (const value of values) {
      const el = this.list__.createDiv('suggestion-item');
      this.renderSuggestion(value, el);
      el.addEventListener('mousedown', (event) => event.preventDefault());
      el.addEventListener('click', (event) => this.selectSuggestion(value, event));
    }
    const { left, bottom, width } = this.input__.getBoundingClientRect();
    this.list__.setCssProps({ left: `${left}px`, top: `${bottom + 4}px`, 'min-width': `${width}px` });
    document.body.append(this.list__);
  }
}
