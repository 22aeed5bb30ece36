/** The control that each kind of field has in a form. */
import { AbstractInputSuggest, type App, type Setting } from 'obsidian';
import { localDateTime, utcFromLocal } from '../../shared/kernel/local-time.ts';
import { areasKnownTo } from '../board/area.ts';
import { wordsOf, type Field } from '../fields.ts';
import type { Host } from '../host.ts';
import { addPhotos } from './photos.ts';
import { formWords } from '../words/index.ts';

const MINUTE = 60_000;

/** One field of a form: what it starts with, and where its value goes. */
export interface Control<F extends Field = Field> {
  readonly field: F;
  readonly host: Host;
  readonly app: App;
  readonly start: unknown;
  readonly put: (value: unknown) => void;
  /** Hears of files that are just being kept. */
  readonly keeping?: (work: Promise<boolean>) => void;
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
  // As all notes have it: the plant's time, wherever this device is.
  moment: (setting, { host, start, put }) => {
    const { zone } = host.scribe.organisation;
    if (!isZoneHere(zone)) setting.descEl.appendText(` ${formWords.zone(zone)}`);
    setting.addText((text) => {
      text.inputEl.type = 'datetime-local';
      text
        .setValue(typeof start === 'string' ? localDateTime(start, zone) : '')
        .onChange((value) => put(value === '' ? undefined : (utcFromLocal(value, zone) ?? value)));
    });
  },
  area: (setting, { host, app, start, put }) =>
    void setting.addText((text) => {
      text.setValue(shown(start)).onChange(put);
      new PathSuggest(app, text.inputEl, areasKnownTo(host), put);
    }),
  files: (setting, { host, start, put, keeping }) =>
    addPhotos(setting, host.evidence, Array.isArray(start) ? (start as string[]) : [], put, keeping),
  list: (setting, { start, put }) =>
    void setting.addTextArea((text) => {
      text.setPlaceholder(formWords.oneEachLine).setValue(Array.isArray(start) ? start.join('\n') : '');
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
      if (start === undefined) dropdown.addOption('', field.isRequired ? formWords.choose : '–');
      for (const choice of field.choices) dropdown.addOption(choice, wordsOf(choice));
      dropdown.setValue(shown(start)).onChange(put);
    }),
  item: (setting, { field, host, start, put }) =>
    void setting.addDropdown((dropdown) => {
      dropdown.addOption('', formWords.choose);
      const feature = host.register.byKind.get(field.of)!;
      for (const held of host.replica.all(field.of))
        dropdown.addOption(
          held.id,
          `${feature.letter}-${held.number ?? 'new'} ${feature.titleOf(held.state, host.scribe.organisation.zone)}`,
        );
      dropdown.setValue(shown(start)).onChange(put);
    }),
  // One list of all forms: people by name, then roles, each answering as its own object.
  either: (setting, { field, host, start, put }) =>
    void setting.addDropdown((dropdown) => {
      const answers = new Map<string, unknown>();
      dropdown.addOption('', field.isRequired ? formWords.choose : '–');
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

/** Whether this device's clock shows the same time just now. */
function isZoneHere(zone: string): boolean {
  const now = new Date();
  return Date.parse(`${localDateTime(now.toISOString(), zone)}Z`) === minuteOf(now);
}

const minuteOf = (now: Date): number =>
  Math.floor((now.getTime() - now.getTimezoneOffset() * MINUTE) / MINUTE) * MINUTE;
