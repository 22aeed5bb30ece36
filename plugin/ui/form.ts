/** A command's form: fields from its zod input, filled in advance where the open note says what it is about. */
import { AbstractInputSuggest, Modal, Setting, type App } from 'obsidian';
import type { CommandEntry } from '../../shared/kernel/register.ts';
import { inputOf, fieldsOf, wordsOf, type Field } from '../fields.ts';
import type { Host } from '../host.ts';
import type { Fields } from '../asking.ts';
import { addPhotos } from './photos.ts';

/** What the server says about an attempt: `undefined` closes the form. */
export type Attempt = (
  input: Fields,
) => Promise<
  | { readonly detail: string; readonly fields: readonly { readonly field: string; readonly problem: string }[] }
  | undefined
>;

export interface FormOrder {
  readonly entry: CommandEntry;
  readonly about: string;
  readonly filled: Fields;
  readonly attempt: Attempt;
  readonly closed?: () => void;
  /** Sentences to read before deciding. */
  readonly remarks?: Promise<readonly string[]>;
}

type Values = Record<string, unknown>;

export class FormModal extends Modal {
  private readonly host: Host;
  private readonly order: FormOrder;
  private readonly values: Values;

  constructor(app: App, host: Host, order: FormOrder) {
    super(app);
    this.host = host;
    this.order = order;
    this.values = { ...order.filled };
  }

  override onOpen(): void {
    const { entry, about } = this.order;
    this.modalEl.addClass('operary-form');
    this.setTitle(entry.word.title);
    if (about) this.contentEl.createDiv({ cls: 'operary-form-about', text: about });
    const remarks = this.contentEl.createEl('ul', { cls: 'operary-remarks' });
    remarks.hide();
    void this.order.remarks?.then((sentences) => {
      for (const sentence of sentences) remarks.createEl('li', { text: sentence });
      remarks.toggle(sentences.length > 0);
    });
    const form = this.contentEl.createDiv();
    for (const field of fieldsOf(entry.word.input, this.host.register)) this.addField(form, field, this.values);
    const problem = this.contentEl.createDiv({ cls: 'operary-problem', attr: { role: 'alert' } });
    problem.hide();
    new Setting(this.contentEl)
      .addButton((button) => button.setButtonText('Cancel').onClick(() => this.close()))
      .addButton((button) =>
        button
          .setButtonText(entry.word.title)
          .setCta()
          .onClick(async () => {
            button.setDisabled(true);
            const refused = await this.order.attempt(this.input());
            button.setDisabled(false);
            if (!refused) return this.close();
            const fields = refused.fields.map(({ field, problem: what }) => `${field.replace(/^\//, '')}: ${what}`);
            problem.setText([refused.detail, ...fields.filter((line) => !refused.detail.includes(line))].join('\n'));
            problem.show();
          }),
      );
  }

  override onClose(): void {
    this.contentEl.empty();
    this.order.closed?.();
  }

  private input(): Fields {
    const { shape } = this.order.entry.word.input;
    return Object.fromEntries(Object.entries(inputOf(this.values)).filter(([key]) => key in shape));
  }

  private addField(parent: HTMLElement, field: Field, values: Values): void {
    if (field.kind === 'rows') return this.addRows(parent, field, values);
    const setting = new Setting(parent).setName(
      field.isRequired || field.initial !== undefined ? field.label : `${field.label} (optional)`,
    );
    if (field.help) setting.setDesc(field.help);
    const start = values[field.key] ?? field.initial;
    if (start !== undefined) values[field.key] = start;
    const put = (value: unknown): void => {
      values[field.key] = value;
    };
    CONTROLS[field.kind](setting, { field: field as never, host: this.host, app: this.app, start, put });
    if (field.kind === 'lines') setting.settingEl.addClass('operary-wide-field');
  }

  private addRows(parent: HTMLElement, field: Extract<Field, { kind: 'rows' }>, values: Values): void {
    const rows = [...((values[field.key] ?? field.initial ?? []) as Values[])].map((row) => ({ ...row }));
    const box = parent.createDiv({ cls: 'operary-rows' });
    const draw = (): void => {
      values[field.key] = rows;
      box.empty();
      const head = new Setting(box).setName(field.label).setHeading();
      if (field.help) head.setDesc(field.help);
      head.addExtraButton((button) =>
        button
          .setIcon('plus')
          .setTooltip(`Add to ${field.label.toLowerCase()}`)
          .onClick(() => {
            rows.push({});
            draw();
          }),
      );
      rows.forEach((row, i) => {
        const rowEl = box.createDiv({ cls: 'operary-row' });
        for (const inner of field.fields) this.addField(rowEl, inner, row);
        new Setting(rowEl).addButton((button) =>
          button.setButtonText('Remove').onClick(() => {
            rows.splice(i, 1);
            draw();
          }),
        );
      });
    };
    draw();
  }
}

interface Control<F extends Field = Field> {
  readonly field: F;
  readonly host: Host;
  readonly app: App;
  readonly start: unknown;
  readonly put: (value: unknown) => void;
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

const CONTROLS: {
  readonly [K in Exclude<Field['kind'], 'rows'>]: (
    setting: Setting,
    control: Control<Extract<Field, { kind: K }>>,
  ) => void;
} = {
  line: (setting, { start, put }) => void setting.addText((text) => text.setValue(shown(start)).onChange(put)),
  lines: (setting, { start, put }) => void setting.addTextArea((text) => text.setValue(shown(start)).onChange(put)),
  number: (setting, { start, put }) =>
    void setting.addText((text) => {
      text.inputEl.inputMode = 'numeric';
      text.setValue(shown(start)).onChange((value) => put(value.trim() === '' ? undefined : Number(value)));
    }),
  toggle: (setting, { start, put }) =>
    void setting.addToggle((toggle) => toggle.setValue(start === true).onChange(put)),
  moment: (setting, { start, put }) =>
    void setting.addText((text) => {
      text.inputEl.type = 'datetime-local';
      text
        .setValue(typeof start === 'string' ? localOf(start) : '')
        .onChange((value) => put(value === '' ? undefined : new Date(value).toISOString()));
    }),
  area: (setting, { host, app, start, put }) =>
    void setting.addText((text) => {
      text.setValue(shown(start)).onChange(put);
      new PathSuggest(app, text.inputEl, pathsKnownTo(host), put);
    }),
  files: (setting, { host, start, put }) =>
    addPhotos(setting, host.evidence, Array.isArray(start) ? (start as string[]) : [], put),
  list: (setting, { start, put }) =>
    void setting.addTextArea((text) => {
      text.setPlaceholder('One in each line').setValue(Array.isArray(start) ? start.join('\n') : '');
      text.onChange((value) =>
        put(
          value
            .split('\n')
            .map((line) => line.trim())
            .filter(Boolean),
        ),
      );
    }),
  choice: (setting, { field, start, put }) =>
    void setting.addDropdown((dropdown) => {
      if (start === undefined) dropdown.addOption('', field.isRequired ? 'Choose…' : '–');
      for (const choice of field.choices) dropdown.addOption(choice, wordsOf(choice));
      dropdown.setValue(shown(start)).onChange(put);
    }),
  item: (setting, { field, host, start, put }) =>
    void setting.addDropdown((dropdown) => {
      dropdown.addOption('', 'Choose…');
      const feature = host.register.byKind.get(field.of)!;
      for (const held of host.replica.all(field.of))
        dropdown.addOption(held.id, `${feature.letter}-${held.number ?? 'new'} ${feature.titleOf(held.state)}`);
      dropdown.setValue(shown(start)).onChange(put);
    }),
  // One list of all forms: people by name, then roles, each answering as its own object.
  either: (setting, { field, host, start, put }) =>
    void setting.addDropdown((dropdown) => {
      const answers = new Map<string, unknown>();
      dropdown.addOption('', field.isRequired ? 'Choose…' : '–');
      for (const form of field.forms) {
        for (const [value, label] of optionsOf(form, host)) {
          answers.set(`${form.key}:${value}`, { [form.key]: value });
          dropdown.addOption(`${form.key}:${value}`, label);
        }
      }
      const [key, value] = Object.entries((start ?? {}) as Record<string, string>)[0] ?? [];
      dropdown.setValue(key === undefined ? '' : `${key}:${value}`).onChange((chosen) => put(answers.get(chosen)));
    }),
};

function optionsOf(field: Field, host: Host): [string, string][] {
  if (field.kind === 'choice') return field.choices.map((choice) => [choice, wordsOf(choice)]);
  if (field.kind !== 'item') return [];
  const feature = host.register.byKind.get(field.of)!;
  return host.replica.all(field.of).map((held) => [held.id, feature.titleOf(held.state)]);
}

/** Where anything is or was, as paths. */
function pathsKnownTo({ replica, register }: Host): string[] {
  const paths = new Set<string>();
  for (const held of replica.everything()) {
    const { path } = held.state as { readonly path?: unknown };
    const area = typeof path === 'string' ? path : register.byKind.get(held.kind)?.areaOf(held.state);
    if (area) paths.add(area);
  }
  return [...paths].sort();
}

class PathSuggest extends AbstractInputSuggest<string> {
  private readonly paths: readonly string[];
  private readonly chosen: (path: string) => void;

  constructor(app: App, input: HTMLInputElement, paths: readonly string[], chosen: (path: string) => void) {
    super(app, input);
    this.paths = paths;
    this.chosen = chosen;
  }

  protected getSuggestions(query: string): string[] {
    return this.paths.filter((path) => path.includes(query.toLowerCase()));
  }

  renderSuggestion(path: string, el: HTMLElement): void {
    el.setText(path);
  }

  override selectSuggestion(path: string): void {
    this.setValue(path);
    this.chosen(path);
    this.close();
  }
}

/** UTC to what a `datetime-local` input shows: the zone of the person's device. */
function localOf(utc: string): string {
  const date = new Date(utc);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
