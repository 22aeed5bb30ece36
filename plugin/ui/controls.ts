/** The control that each kind of field has in a form. */
import { AbstractInputSuggest, type App, type Setting } from 'obsidian';
import { areasKnownTo } from '../board/area.ts';
import { wordsOf, type Field } from '../fields.ts';
import type { Host } from '../host.ts';
import { addPhotos } from './photos.ts';

/** One field of a form: what it starts with, and where its value goes. */
export interface Control<F extends Field = Field> {
  readonly field: F;
  readonly host: Host;
  readonly app: App;
  readonly start: unknown;
  readonly put: (value: unknown) => void;
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

export const CONTROLS: {
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
      new PathSuggest(app, text.inputEl, areasKnownTo(host), put);
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

export class PathSuggest extends AbstractInputSuggest<string> {
  private readonly paths: readonly string[];
  private readonly chosen: (path: string) => void;

  constructor(app: App, input: HTMLInputElement, paths: readonly string[], chosen: (path: string) => void) {
    super(app, input);
    this.paths = paths;
    this.chosen = chosen;
  }

  protected getSuggestions(query: string): string[] {
    return this.paths.filter((path) => path.toLowerCase().includes(query.toLowerCase()));
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
