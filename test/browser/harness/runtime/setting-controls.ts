/** The controls of declarative settings: read through getControlValue, validated, then kept by setControlValue. */
import type { Setting } from './setting.ts';
import type { SettingTab } from './setting-tab.ts';

export interface Control {
  type: 'toggle' | 'dropdown' | 'text' | 'textarea' | 'number' | 'file' | 'folder' | 'slider' | 'color';
  key: string;
  defaultValue?: unknown;
  validate?: (value: never) => unknown;
  disabled?: boolean | (() => boolean);
  options?: Record<string, string>;
  placeholder?: string;
  rows?: number;
  min?: number;
  max?: number;
  step?: number | 'any';
}

export function drawControl(tab: SettingTab, setting: Setting, control: Control, changed: () => void): void {
  const value = tab.getControlValue(control.key) ?? control.defaultValue;
  const check = async (candidate: unknown): Promise<boolean> => {
    const problem = await control.validate?.(candidate as never);
    setting.setErrorMessage(typeof problem === 'string' && problem !== '' ? problem : null);
    return setting.errorEl === null;
  };
  const keep = async (candidate: unknown) => {
    if (!(await check(candidate))) return;
    await tab.setControlValue(control.key, candidate);
    changed();
  };
  const change = (candidate: unknown) => void keep(candidate);
  const text = value === undefined || value === null ? '' : `${value as string}`;
  const placeholder = control.placeholder ?? '';
  switch (control.type) {
    case 'toggle':
      setting.addToggle((toggle) => toggle.setValue(value === true).onChange(change));
      break;
    case 'dropdown':
      setting.addDropdown((dropdown) =>
        dropdown
          .addOptions(control.options ?? {})
          .setValue(text)
          .onChange(change),
      );
      break;
    case 'textarea':
      setting.addTextArea((area) => {
        area.setPlaceholder(placeholder).setValue(text).onChange(change);
        if (control.rows) area.inputEl.rows = control.rows;
      });
      break;
    case 'number':
      setting.addText((input) => {
        input.setPlaceholder(placeholder).setValue(text);
        input.inputEl.type = 'number';
        const { min, max, step } = control;
        for (const [name, limit] of Object.entries({ min, max, step }))
          if (limit !== undefined) input.inputEl.setAttr(name, limit);
        input.onChange((typed) =>
          change(typed === '' || isNaN(Number(typed)) ? (control.defaultValue ?? 0) : Number(typed)),
        );
      });
      break;
    case 'slider':
      setting.addSlider((slider) =>
        slider
          .setLimits(control.min ?? 0, control.max ?? 100, control.step ?? 1)
          .setValue(Number(value ?? 0))
          .onChange(change),
      );
      break;
    case 'color':
      setting.addColorPicker((color) => color.setValue(text || '#000000').onChange(change));
      break;
    default:
      setting.addText((input) => input.setPlaceholder(placeholder).setValue(text).onChange(change));
  }
  if (control.validate) void check(value);
}
