/** Controls that choose rather than type: toggle, dropdown, slider, colour, progress, secret. */
import type { App } from './app.ts';
import { BaseComponent, ValueComponent } from './controls.ts';

export class ToggleComponent extends ValueComponent<boolean> {
  toggleEl: HTMLElement;
  on__ = false;

  constructor(containerEl: HTMLElement) {
    super();
    this.toggleEl = containerEl.createDiv({ cls: 'checkbox-container', attr: { role: 'switch', tabindex: '0' } });
    this.toggleEl.addEventListener('click', () => this.onClick());
  }

  onChange(callback: (value: boolean) => unknown): this {
    this.changed__ = callback;
    return this;
  }

  override getValue(): boolean {
    return this.on__;
  }

  // As in the app, a change made by code is told too, if it is one.
  override setValue(on: boolean): this {
    const changed = on !== this.on__;
    this.on__ = on;
    this.toggleEl.toggleClass('is-enabled', on);
    this.toggleEl.setAttribute('aria-checked', String(on));
    if (changed) this.changed__?.(on);
    return this;
  }

  override setDisabled(disabled: boolean): this {
    this.toggleEl.toggleClass('is-disabled', disabled);
    return super.setDisabled(disabled);
  }

  setTooltip(tooltip: string): this {
    this.toggleEl.setAttribute('aria-label', tooltip);
    return this;
  }

  onClick(): void {
    if (!this.disabled) this.setValue(!this.on__);
  }
}

export class DropdownComponent extends ValueComponent<string> {
  selectEl: HTMLSelectElement;

  constructor(containerEl: HTMLElement) {
    super();
    this.selectEl = containerEl.createEl('select', 'dropdown');
    this.selectEl.addEventListener('change', () => this.changed__?.(this.getValue()));
  }

  addOption(value: string, display: string): this {
    this.selectEl.createEl('option', { value, text: display });
    return this;
  }

  addOptions(options: Record<string, string>): this {
    for (const [value, display] of Object.entries(options)) this.addOption(value, display);
    return this;
  }

  onChange(callback: (value: string) => unknown): this {
    this.changed__ = callback;
    return this;
  }

  override getValue(): string {
    return this.selectEl.value;
  }

  override setValue(value: string): this {
    this.selectEl.value = value;
    return this;
  }

  override setDisabled(disabled: boolean): this {
    this.selectEl.disabled = disabled;
    return super.setDisabled(disabled);
  }
}

export class SliderComponent extends ValueComponent<number> {
  sliderEl: HTMLInputElement;
  format__: (value: number) => string = String;

  constructor(containerEl: HTMLElement) {
    super();
    this.sliderEl = containerEl.createEl('input', { type: 'range', cls: 'slider' });
    this.sliderEl.addEventListener('change', () => this.changed__?.(this.getValue()));
  }

  setLimits(min: number | null, max: number | null, step: number | 'any'): this {
    Object.assign(this.sliderEl, { min: String(min ?? 0), max: String(max ?? 100), step: String(step) });
    return this;
  }

  setInstant(): this {
    return this;
  }

  onChange(callback: (value: number) => unknown): this {
    this.changed__ = callback;
    return this;
  }

  override getValue(): number {
    return this.sliderEl.valueAsNumber;
  }

  getValuePretty(): string {
    return this.format__(this.getValue());
  }

  override setValue(value: number): this {
    this.sliderEl.value = String(value);
    return this;
  }

  setDisplayFormat(format: (value: number) => string): this {
    this.format__ = format;
    return this;
  }

  setDynamicTooltip(): this {
    return this;
  }

  override setDisabled(disabled: boolean): this {
    this.sliderEl.disabled = disabled;
    return super.setDisabled(disabled);
  }
}

export class ProgressBarComponent extends ValueComponent<number> {
  bar__: HTMLElement;
  value__ = 0;

  constructor(containerEl: HTMLElement) {
    super();
    this.bar__ = containerEl.createDiv('setting-progress-bar').createDiv('setting-progress-bar-inner');
  }

  override getValue(): number {
    return this.value__;
  }

  override setValue(value: number): this {
    this.value__ = value;
    this.bar__.setCssProps({ width: `${value}%` });
    return this;
  }
}

export class ColorComponent extends ValueComponent<string> {
  colorPickerEl__: HTMLInputElement;

  constructor(containerEl: HTMLElement) {
    super();
    this.colorPickerEl__ = containerEl.createEl('input', { type: 'color' });
    this.colorPickerEl__.addEventListener('change', () => this.changed__?.(this.getValue()));
  }

  onChange(callback: (value: string) => unknown): this {
    this.changed__ = callback;
    return this;
  }

  override getValue(): string {
    return this.colorPickerEl__.value;
  }

  override setValue(value: string): this {
    this.colorPickerEl__.value = value;
    return this;
  }

  getValueRgb(): { r: number; g: number; b: number } {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => parseInt(this.getValue().slice(at, at + 2), 16));
    return { r, g, b };
  }

  getValueHsl(): { h: number; s: number; l: number } {
    return { h: 0, s: 0, l: 0 };
  }

  setValueRgb({ r, g, b }: { r: number; g: number; b: number }): this {
    return this.setValue(`#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`);
  }

  setValueHsl(): this {
    return this;
  }
}

/** Chooses a secret by id: the value is the id under which secretStorage keeps it, never the secret itself. */
export class SecretComponent extends BaseComponent {
  app__: App;
  select__: HTMLSelectElement;
  secret__: HTMLInputElement;
  changed__: ((value: string) => unknown) | null = null;

  constructor(app: App, containerEl: HTMLElement) {
    super();
    this.app__ = app;
    this.select__ = containerEl.createEl('select', { cls: 'dropdown secret-select' });
    this.secret__ = containerEl.createEl('input', { type: 'password', cls: 'secret-new', placeholder: 'New secret' });
    this.fill__('');
    this.select__.addEventListener('change', () => this.changed__?.(this.select__.value));
    this.secret__.addEventListener('change', () => {
      const id = this.select__.value || `secret-${app.secretStorage.listSecrets().length + 1}`;
      app.secretStorage.setSecret(id, this.secret__.value);
      this.secret__.value = '';
      this.fill__(id);
      this.changed__?.(id);
    });
  }

  setValue(value: string): this {
    this.fill__(value);
    return this;
  }

  onChange(callback: (value: string) => unknown): this {
    this.changed__ = callback;
    return this;
  }

  override setDisabled(disabled: boolean): this {
    this.select__.disabled = this.secret__.disabled = disabled;
    return super.setDisabled(disabled);
  }

  fill__(chosen: string): void {
    this.select__.empty();
    for (const id of new Set(['', ...this.app__.secretStorage.listSecrets(), chosen])) {
      this.select__.createEl('option', { value: id, text: id || 'No secret' });
    }
    this.select__.value = chosen;
  }
}
