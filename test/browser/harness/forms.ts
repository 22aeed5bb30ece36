/** Filling forms by the names that people read: a setting's name, a label, a placeholder. */
import type { Locator, Page } from 'playwright-core';

export async function fillByName(root: Locator, name: string, value: string | boolean): Promise<void> {
  const field = await fieldNamed(root, name);
  const tag = await field.evaluate((el) => (el.matches('.checkbox-container') ? 'toggle' : el.tagName.toLowerCase()));
  if (tag === 'toggle') {
    const on = (await field.getAttribute('aria-checked')) === 'true';
    if (on !== Boolean(value)) await field.click();
  } else if (typeof value === 'boolean') await field.setChecked(value);
  else if (tag === 'select') await chooseOption(field, value);
  else {
    await field.fill(value);
    // Some listen to `change` only.
    await field.blur();
  }
}

export async function fieldValue(root: Locator, name: string): Promise<string | boolean> {
  const field = await fieldNamed(root, name);
  if (await field.evaluate((el) => el.matches('.checkbox-container'))) {
    return (await field.getAttribute('aria-checked')) === 'true';
  }
  return field.inputValue();
}

export async function pressByName(root: Locator, name: string): Promise<void> {
  const exact = new RegExp(`^\\s*${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
  const button = root.locator('button').filter({ hasText: exact });
  const labelled = root.locator(`[aria-label=${JSON.stringify(name)}]`);
  const row = root.locator('.setting-item.mod-action, .setting-item.mod-page').filter({ hasText: name });
  const found = (await button.count()) > 0 ? button : (await labelled.count()) > 0 ? labelled : row;
  if ((await found.count()) === 0) throw new Error(`No button "${name}" in:\n${await root.innerText()}`);
  await found.first().click();
}

export async function withError(root: Locator, name: string): Promise<string | null> {
  const error = settingRow(root, name).locator('.setting-item-error');
  return (await error.count()) > 0 ? error.innerText() : null;
}

const settingRow = (root: Locator, name: string): Locator =>
  root.locator('.setting-item').filter({ has: root.page().getByText(name, { exact: true }) });

/** Photos and files, as from the camera or the gallery. */
export interface Picked {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

export async function attachByName(root: Locator, name: string, files: readonly Picked[]): Promise<void> {
  const input = settingRow(root, name).locator('input[type=file]');
  if ((await input.count()) === 0) throw new Error(`"${name}" takes no files in:\n${await root.innerText()}`);
  await input.setInputFiles(
    files.map((file) => ({ name: file.name, mimeType: file.type, buffer: Buffer.from(file.bytes) })),
  );
}

async function fieldNamed(root: Locator, name: string): Promise<Locator> {
  const inputs = 'input:visible, textarea:visible, select:visible, .checkbox-container:visible';
  const candidates = [
    // A secret is chosen by id in a list; typing makes a new one.
    settingRow(root, name).locator('input.secret-new:visible'),
    settingRow(root, name).locator(inputs),
    root.locator('label', { hasText: name }).locator(inputs),
    root.getByLabel(name, { exact: true }),
    root.getByPlaceholder(name, { exact: true }),
  ];
  for (const candidate of candidates) if ((await candidate.count()) > 0) return candidate.first();
  throw new Error(`No field "${name}" in:\n${await root.innerText()}`);
}

async function chooseOption(field: Locator, value: string): Promise<void> {
  const options = await field
    .locator('option')
    .evaluateAll((all) => all.map((one) => [(one as HTMLOptionElement).value, one.textContent ?? '']));
  const found = options.find(([id, label]) => id === value || label === value);
  if (!found)
    throw new Error(`No option "${value}"; there are: ${options.map(([id, label]) => `${label} (${id})`).join(', ')}`);
  await field.selectOption(found[0] as string);
}

/** The topmost open modal. */
export class ModalClient {
  private readonly currentPage: () => Page;

  constructor(currentPage: () => Page) {
    this.currentPage = currentPage;
  }

  private get root(): Locator {
    return this.currentPage().locator('.modal-container:not(:has(.mod-settings)) .modal').last();
  }

  async isOpen(): Promise<boolean> {
    return (await this.currentPage().locator('.modal-container:not(:has(.mod-settings))').count()) > 0;
  }

  async text(): Promise<string> {
    return this.root.innerText();
  }

  async title(): Promise<string> {
    return this.root.locator('.modal-title').innerText();
  }

  fill(name: string, value: string | boolean): Promise<void> {
    return fillByName(this.root, name, value);
  }

  value(name: string): Promise<string | boolean> {
    return fieldValue(this.root, name);
  }

  attach(name: string, files: readonly Picked[]): Promise<void> {
    return attachByName(this.root, name, files);
  }

  press(button: string): Promise<void> {
    return pressByName(this.root, button);
  }

  /** In a prompt with suggestions: types the query and takes the suggestion with this text. */
  async choose(text: string): Promise<void> {
    const input = this.root.locator('.prompt-input');
    if ((await input.count()) > 0) await input.fill(text);
    await this.root.locator('.suggestion-item', { hasText: text }).first().click();
  }

  async close(): Promise<void> {
    await this.root.locator('.modal-close-button').click();
  }
}

/** The plugin's tab in the settings window. */
export class SettingsClient {
  private readonly currentPage: () => Page;

  constructor(currentPage: () => Page) {
    this.currentPage = currentPage;
  }

  private get root(): Locator {
    return this.currentPage().locator('.mod-settings .vertical-tab-content-container');
  }

  async open(): Promise<void> {
    if (!(await this.currentPage().evaluate(() => window.harness.openSettings())))
      throw new Error('The plugin has no settings tab.');
  }

  text(): Promise<string> {
    return this.root.innerText();
  }

  fill(name: string, value: string | boolean): Promise<void> {
    return fillByName(this.root, name, value);
  }

  value(name: string): Promise<string | boolean> {
    return fieldValue(this.root, name);
  }

  error(name: string): Promise<string | null> {
    return withError(this.root, name);
  }

  press(button: string): Promise<void> {
    return pressByName(this.root, button);
  }

  async close(): Promise<void> {
    await this.currentPage().evaluate(() => window.harness.closeSettings());
  }
}
