/** Prompts with suggestions, plain and fuzzy. */
import type { App } from './app.ts';
import { Modal } from './modal.ts';

/** A prompt with suggestions. The first one is chosen by Enter. */
export class SuggestModal<T> extends Modal {
  limit = 100;
  emptyStateText = 'No results found.';
  inputEl: HTMLInputElement;
  resultContainerEl: HTMLElement;
  shown__: T[] = [];

  constructor(app: App) {
    super(app);
    this.modalEl.addClass('prompt');
    this.titleEl.parentElement?.remove();
    this.inputEl = this.modalEl.createEl('input', { cls: 'prompt-input', type: 'text' });
    this.resultContainerEl = this.modalEl.createDiv('prompt-results');
    this.contentEl.remove();
    this.inputEl.addEventListener('input', () => void this.suggest__());
    this.inputEl.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.selectActiveSuggestion(event);
    });
  }

  override open(): void {
    super.open();
    this.inputEl.focus();
    void this.suggest__();
  }

  getSuggestions(query: string): T[] | Promise<T[]> {
    void query;
    return [];
  }

  renderSuggestion(value: T, el: HTMLElement): void {
    el.setText(String(value));
  }

  onChooseSuggestion(item: T, event: unknown): void {
    void item;
    void event;
  }

  onNoSuggestion(): void {
    this.resultContainerEl.createDiv({ cls: 'suggestion-empty', text: this.emptyStateText });
  }

  selectSuggestion(value: T, event: unknown): void {
    this.close();
    this.onChooseSuggestion(value, event);
  }

  selectActiveSuggestion(event: unknown): void {
    const first = this.shown__[0];
    if (first !== undefined) this.selectSuggestion(first, event);
  }

  setPlaceholder(placeholder: string): void {
    this.inputEl.placeholder = placeholder;
  }

  setInstructions(instructions: { command: string; purpose: string }[]): void {
    const el = this.modalEl.createDiv('prompt-instructions');
    for (const { command, purpose } of instructions) {
      const one = el.createDiv('prompt-instruction');
      one.createSpan({ cls: 'prompt-instruction-command', text: command });
      one.createSpan({ text: purpose });
    }
  }

  async suggest__(): Promise<void> {
    this.shown__ = (await this.getSuggestions(this.inputEl.value)).slice(0, this.limit);
    this.resultContainerEl.empty();
    if (this.shown__.length === 0) this.onNoSuggestion();
    this.shown__.forEach((value, at) => {
      const el = this.resultContainerEl.createDiv(`suggestion-item${at === 0 ? ' is-selected' : ''}`);
      this.renderSuggestion(value, el);
      el.addEventListener('click', (event) => this.selectSuggestion(value, event));
    });
  }
}

interface Match<T> {
  item: T;
  match: { score: number; matches: [number, number][] };
}

export class FuzzySuggestModal<T> extends SuggestModal<Match<T>> {
  getItems(): T[] {
    return [];
  }

  getItemText(item: T): string {
    return String(item);
  }

  onChooseItem(item: T, event: unknown): void {
    void item;
    void event;
  }

  override getSuggestions(query: string): Match<T>[] {
    const letters = [...query.toLowerCase().replace(/\s/g, '')];
    const fits = (text: string) => {
      let at = -1;
      return letters.every((letter) => (at = text.indexOf(letter, at + 1)) >= 0);
    };
    return this.getItems()
      .filter((item) => fits(this.getItemText(item).toLowerCase()))
      .map((item) => ({ item, match: { score: 0, matches: [] } }));
  }

  override renderSuggestion({ item }: Match<T>, el: HTMLElement): void {
    el.setText(this.getItemText(item));
  }

  override onChooseSuggestion({ item }: Match<T>, event: unknown): void {
    this.onChooseItem(item, event);
  }
}
