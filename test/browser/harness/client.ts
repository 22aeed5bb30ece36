/**
 * One device with one vault: a browser context, the stand-in app and the plugin's release in it.
 * The plugin is not patched and knows no test hook; assertions read what a person or another program can see.
 */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Browser } from 'playwright-core';
import { Device, type OpenOptions } from './device.ts';
import { ModalClient, SettingsClient } from './forms.ts';
import { until, type UntilOptions } from './until.ts';

export type { OpenOptions } from './device.ts';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

export async function openVault(browser: Browser, options: OpenOptions = {}): Promise<VaultClient> {
  const mobile = (options.platform ?? 'desktop') !== 'desktop';
  const shape = mobile ? phone : { viewport: { width: 1280, height: 800 } };
  const viewport = options.viewport ? { viewport: { ...options.viewport } } : {};
  const context = options.context ?? (await browser.newContext({ ...shape, ...viewport }));
  const client = new VaultClient(context, options);
  await client.start();
  return client;
}

export class VaultClient extends Device {
  readonly modal = new ModalClient(() => this.page);
  readonly settings = new SettingsClient(() => this.page);

  /** Paths that the vault shows. */
  files(): Promise<string[]> {
    return this.page.evaluate(() => window.harness.vaultPaths());
  }

  async read(path: string): Promise<string> {
    const text = await this.textOf(path);
    if (text === null) throw new Error(`No file ${path}; there are: ${(await this.disk.paths()).join(', ')}`);
    return text;
  }

  async exists(path: string): Promise<boolean> {
    return (await this.textOf(path)) !== null;
  }

  private async textOf(path: string): Promise<string | null> {
    if (this.isOpen) return this.page.evaluate((file) => window.harness.disk.read(file), path);
    const bytes = this.outside.bytes(path);
    return bytes && new TextDecoder().decode(bytes);
  }

  /** Another program's hands: bytes change at once, the app hears of it later; while it is closed, at its next start. */
  readonly disk = {
    paths: async (): Promise<string[]> =>
      this.isOpen ? this.page.evaluate(() => window.harness.disk.paths()) : this.outside.paths(),
    bytes: async (path: string): Promise<Uint8Array> =>
      this.isOpen
        ? Uint8Array.from(await this.page.evaluate((file) => window.harness.disk.bytes(file), path))
        : (this.outside.bytes(path) ?? new Uint8Array()),
    mtime: async (path: string): Promise<number | null> =>
      this.isOpen ? this.page.evaluate((file) => window.harness.disk.stat(file), path) : this.outside.mtime(path),
    write: async (path: string, text: string, afterMs = this.options.diskEventMs ?? 20): Promise<void> =>
      this.isOpen
        ? this.page.evaluate((args) => window.harness.disk.write(...args), [path, text, afterMs] as const)
        : this.outside.write(path, text),
    /** Of an open app's file, between two of its own saves. */
    replace: (path: string, part: string, by: string, afterMs = this.options.diskEventMs ?? 20): Promise<void> =>
      this.page.evaluate((args) => window.harness.disk.replace(...args), [path, part, by, afterMs] as const),
    rename: async (from: string, to: string, afterMs = this.options.diskEventMs ?? 20): Promise<void> =>
      this.isOpen
        ? this.page.evaluate((args) => window.harness.disk.rename(...args), [from, to, afterMs] as const)
        : this.outside.rename(from, to),
    delete: async (path: string, afterMs = this.options.diskEventMs ?? 20): Promise<void> =>
      this.isOpen
        ? this.page.evaluate((args) => window.harness.disk.delete(...args), [path, afterMs] as const)
        : this.outside.delete(path),
  };

  /** Renames inside the app, links follow. */
  async rename(path: string, newPath: string): Promise<void> {
    await this.page.evaluate(
      async ([from, to]) => {
        const { vault, fileManager } = window.harness.app();
        const file = vault.getAbstractFileByPath(from);
        if (!file) throw new Error(`No file ${from}`);
        await fileManager.renameFile(file, to);
      },
      [path, newPath] as const,
    );
  }

  /** Deletes inside the app, into the vault's trash. */
  async trash(path: string): Promise<void> {
    await this.page.evaluate(async (target) => {
      const { vault, fileManager } = window.harness.app();
      const file = vault.getAbstractFileByPath(target);
      if (!file) throw new Error(`No file ${target}`);
      await fileManager.trashFile(file);
    }, path);
  }

  async openNote(
    path: string,
    mode: 'source' | 'preview' | null = null,
    options: { newTab?: boolean; beside?: boolean } = {},
  ): Promise<void> {
    const place = options.beside ? 'split' : (options.newTab ?? false);
    await this.page.evaluate((args) => window.harness.open(...args), [path, mode, place] as const);
  }

  /** A `.base` at one of its views; only views of plugins are drawn. */
  async openBase(path: string, view: string): Promise<void> {
    await this.page.evaluate((args) => window.harness.openBase(...args), [path, view] as const);
  }

  /** What the panes in the middle hold, in the order in which they were opened. */
  paneTexts(): Promise<string[]> {
    return this.page.evaluate(() =>
      window.harness.panes().map((leaf) => (leaf.view as ReturnType<typeof window.harness.view>).getViewData()),
    );
  }

  /** The pane that typing goes into from now on. */
  async intoPane(at: number): Promise<void> {
    await this.page.evaluate((index) => {
      const leaf = window.harness.panes()[index];
      if (!leaf) throw new Error(`There is no pane ${index}.`);
      window.harness.app().workspace.setActiveLeaf(leaf);
    }, at);
  }

  editorText(): Promise<string> {
    return this.page.evaluate(() => window.harness.view().getViewData());
  }

  /** What the reading view shows. */
  readingText(): Promise<string> {
    return this.page.locator('.mod-root .markdown-reading-view:visible').innerText();
  }

  /** Puts the cursor right after this text and focuses the editor. */
  async cursorAfter(text: string): Promise<void> {
    await this.page.evaluate((wanted) => {
      const { editor } = window.harness.view();
      const at = editor.getValue().indexOf(wanted);
      if (at < 0) throw new Error(`The note does not contain: ${wanted}`);
      editor.focus();
      editor.setCursor(editor.offsetToPos(at + wanted.length));
    }, text);
  }

  async type(text: string): Promise<void> {
    await this.page.evaluate(() => window.harness.view().editor.focus());
    // As fast as a hand: keys without a pause between them overtake the editor's own reading of its page on a busy machine.
    await this.page.keyboard.type(text, { delay: 20 });
  }

  /** An input method shows what it guesses so far, underlined; nothing of it is settled. Again: another guess. */
  async compose(guess: string): Promise<void> {
    await this.page.evaluate(() => window.harness.view().editor.focus());
    const end = guess.length;
    await this.tools.send('Input.imeSetComposition', { text: guess, selectionStart: end, selectionEnd: end });
  }

  /** The guess is settled, as this text. */
  async composed(text: string): Promise<void> {
    await this.tools.send('Input.insertText', { text });
  }

  isComposing(): Promise<boolean> {
    return this.page.evaluate(() => window.harness.view().cm__.composing);
  }

  /** Held as long as a hand holds it: a letter that follows Enter at once meets the cursor where it was. */
  async press(keys: string): Promise<void> {
    await this.page.keyboard.press(keys, { delay: 20 });
  }

  async click(selector: string): Promise<void> {
    await this.page.locator(selector).first().click();
  }

  /** With a finger; phones only. */
  async tap(selector: string): Promise<void> {
    await this.page.locator(selector).first().tap();
  }

  /** A user's edit by offsets of the editor's text; filters of editor extensions apply. */
  async replaceInEditor(from: number, to: number, text: string): Promise<void> {
    await this.page.evaluate(
      ([start, end, insert]) => {
        const { cm__: view } = window.harness.view();
        view.dispatch({ changes: { from: start, to: end, insert }, userEvent: 'input' });
      },
      [from, to, text] as const,
    );
  }

  /** In the properties panel, or in a base's cell if the note is not open; null removes the property. */
  async setProperty(path: string, key: string, value: unknown): Promise<void> {
    await this.page.evaluate((args) => window.harness.setProperty(...args), [path, key, value] as const);
  }

  async tickCheckbox(path: string, lineText: string): Promise<void> {
    await this.openNote(path, 'preview');
    const item = this.page.locator('.mod-root .markdown-reading-view .task-list-item', { hasText: lineText }).last();
    await item.locator('input').first().click();
  }

  async toggleCheckboxInEditor(path: string, lineText: string): Promise<void> {
    await this.openNote(path, 'source');
    const line = this.page.locator('.mod-root .cm-line', { hasText: lineText }).first();
    await line.locator('input').first().click();
  }

  /** Does not wait for the delay after the last edit. */
  async saveNow(): Promise<void> {
    await this.page.evaluate(() => window.harness.saveAll());
  }

  /** False if the command does not exist or its check says no. */
  run(command: string): Promise<boolean> {
    return this.page.evaluate((id) => window.harness.run(id), command);
  }

  /** Available now, by id. */
  async commands(): Promise<string[]> {
    return (await this.page.evaluate(() => window.harness.commands())).map(({ id }) => id);
  }

  commandNames(): Promise<{ id: string; name: string }[]> {
    return this.page.evaluate(() => window.harness.commands());
  }

  /** Every notice since the page was loaded, gone or not. */
  notices(): Promise<string[]> {
    return this.page.evaluate(() => window.harness.notices());
  }

  /** A click makes a notice go away; those that stand lie above what is at the right. */
  async dismissNotices(): Promise<void> {
    await this.page.evaluate(() =>
      document.querySelectorAll<HTMLElement>('.notice').forEach((notice) => notice.click()),
    );
  }

  /** null on a phone, which has no status bar. */
  statusText(): Promise<string | null> {
    return this.page.evaluate(() => window.harness.statusText());
  }

  async protocol(action: string, params: Record<string, string> = {}): Promise<void> {
    await this.page.evaluate(async (args) => void (await window.harness.protocol(...args)), [action, params] as const);
  }

  cli(command: string, params: Record<string, string> = {}): Promise<string> {
    return this.page.evaluate((args) => window.harness.cli(...args), [command, params] as const);
  }

  async screenshot(file: string, options: { fullPage?: boolean } = {}): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    await this.page.screenshot({ path: file, fullPage: options.fullPage ?? false, animations: 'disabled' });
  }

  async theme(name: 'light' | 'dark'): Promise<void> {
    await this.page.evaluate((wanted) => window.harness.theme(wanted), name);
  }

  until<T>(look: () => T | Promise<T>, options: UntilOptions<T>): Promise<T> {
    return until(look, options);
  }
}
