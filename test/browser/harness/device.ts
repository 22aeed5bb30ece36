/** A device with the stand-in app on it: a browser context and a page. It starts, restarts, dies and comes back. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { sendForPage } from './requests.ts';
import { siteOrigin } from './site.ts';
import { vaultDisk, type VaultDisk } from './vault-disk.ts';
import type { WireEntry } from './runtime/disk.ts';
import type { StartOptions } from './runtime/page.ts';
import type { PluginManifest } from './runtime/plugin.ts';
import type { Release } from './runtime/plugins.ts';

export interface OpenOptions {
  /** A release folder: main.js, manifest.json, styles.css. Without it the vault has no plugin. */
  readonly pluginDir?: string;
  readonly name?: string;
  readonly data?: object;
  readonly secrets?: Record<string, string>;
  readonly localStorage?: Record<string, unknown>;
  readonly platform?: 'desktop' | 'android' | 'ios';
  readonly theme?: 'light' | 'dark';
  readonly baseFiles?: Record<string, string>;
  readonly enable?: boolean;
  /** Obsidian waits 2000 ms after the last edit; tests are in a hurry. */
  readonly saveDelayMs?: number;
  readonly metadataLagMs?: number;
  /** How late the file watcher tells of other programs' changes. */
  readonly diskEventMs?: number;
  /** Another vault of the same app, or another window on the same vault: pass the first one's context, which is the device's profile. */
  readonly context?: BrowserContext;
  readonly viewport?: { readonly width: number; readonly height: number };
}

export class Device {
  readonly context: BrowserContext;
  readonly name: string;
  protected readonly options: OpenOptions;
  /** The vault's files, open or not. */
  protected readonly outside: VaultDisk;
  private readonly errors: string[] = [];
  private readonly network: string[] = [];
  private open: Page | null = null;
  private session: CDPSession | null = null;
  private readonly hear = (changes: readonly WireEntry[]): void =>
    void this.open?.evaluate((all) => window.harness.disk.elsewhere(all), changes).catch(() => undefined);

  constructor(context: BrowserContext, options: OpenOptions) {
    this.context = context;
    this.options = options;
    this.name = options.name ?? 'Plant';
    this.outside = vaultDisk(context, this.name);
  }

  get isOpen(): boolean {
    return this.open !== null;
  }

  get page(): Page {
    if (!this.open) throw new Error(`The vault ${this.name} is closed: reopen() it first.`);
    return this.open;
  }

  /** What only the browser's own tools can do to the page. */
  protected get tools(): CDPSession {
    if (!this.session) throw new Error(`The vault ${this.name} is closed: reopen() it first.`);
    return this.session;
  }

  /** Opens the page and the vault in it; files and storage of an earlier life are found again. */
  async start(): Promise<void> {
    this.open = await this.context.newPage();
    this.open.setDefaultTimeout(5000);
    this.session = await this.context.newCDPSession(this.open);
    this.session.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === '__operaryDisk') this.outside.take(JSON.parse(payload) as WireEntry[], this.hear);
    });
    await this.session.send('Runtime.enable');
    await this.session.send('Runtime.addBinding', { name: '__operaryDisk' });
    this.outside.attach(this.hear);
    this.open.on('pageerror', (error) => this.errors.push(error.stack ?? error.message));
    this.open.on('console', (message) => {
      if (message.type() !== 'error') return;
      const ofBrowser = /^(Failed to load resource|WebSocket connection to)/.test(message.text());
      (ofBrowser ? this.network : this.errors).push(message.text());
    });
    await this.open.exposeFunction('__operaryRequest', sendForPage);
    await this.load();
  }

  private async load(): Promise<void> {
    const { data, secrets, localStorage, platform, theme, baseFiles, enable } = this.options;
    const { saveDelayMs, metadataLagMs, diskEventMs } = this.options;
    await this.page.goto(await siteOrigin());
    const start: StartOptions = {
      vault: this.name,
      files: this.outside.all(),
      diskEventMs: diskEventMs ?? 20,
      platform: platform ?? 'desktop',
      theme: theme ?? 'light',
      saveDelayMs: saveDelayMs ?? 100,
      metadataLagMs: metadataLagMs ?? 5,
      release: await this.release(),
      enable: enable ?? true,
      baseFiles: baseFiles ?? {},
      data,
      secrets: secrets ?? {},
      localStorage: localStorage ?? {},
    };
    await this.page.evaluate((options) => window.harness.start(options), start);
  }

  private async release(): Promise<Release | null> {
    const { pluginDir } = this.options;
    if (!pluginDir) return null;
    const text = (name: string) => readFile(join(pluginDir, name), 'utf8');
    const manifest = JSON.parse(await text('manifest.json')) as PluginManifest;
    return { manifest, main: await text('main.js'), styles: await text('styles.css').catch(() => '') };
  }

  /** Quits properly and starts again. */
  async reload(): Promise<void> {
    await this.page.evaluate(() => window.harness.quit());
    // What was written has left the page; an answer on the same line says that it has arrived.
    await this.tools.send('Runtime.evaluate', { expression: '0' });
    await this.load();
  }

  /** The system kills the app: nothing is saved, no handler runs, locks and sockets are gone. */
  async killPage(): Promise<void> {
    const { page, tools } = this;
    const dead = page.waitForEvent('crash');
    tools.send('Page.crash').catch(() => undefined);
    await dead;
    await this.leave();
  }

  async reopen(): Promise<void> {
    if (this.open) await this.killPage();
    await this.start();
  }

  private async leave(): Promise<void> {
    const page = this.open;
    this.open = this.session = null;
    this.outside.detach(this.hear);
    await page?.close();
  }

  async close(): Promise<void> {
    await this.leave();
    if (!this.options.context) await this.context.close();
  }

  /** The system takes the page's databases away, under a running app or while it is closed; files and local storage stay. */
  async wipeIndexedDb(): Promise<void> {
    const origin = await siteOrigin();
    const page = this.open ?? (await this.context.newPage());
    if (page !== this.open) await page.goto(`${origin}/page.css`);
    const tools = this.session ?? (await this.context.newCDPSession(page));
    await tools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
    // A question that meets the wiping is never answered: ask until one is.
    await page.evaluate(async () => {
      const pause = (ms: number) => new Promise<null>((resolve) => setTimeout(() => resolve(null), ms));
      while ((await Promise.race([indexedDB.databases(), pause(300)])) === null);
    });
    if (page !== this.open) await page.close();
  }

  /** Answers what the plugin left behind: an empty list is clean. */
  disablePlugin(): Promise<string[]> {
    return this.page.evaluate(() => window.harness.disablePlugin());
  }

  async enablePlugin(): Promise<void> {
    const release = await this.release();
    await this.page.evaluate((fresh) => window.harness.enablePlugin(fresh), release);
  }

  /** The device's radio: `false` blocks the page's sockets and requestUrl alike. */
  async online(on: boolean): Promise<void> {
    await this.context.setOffline(!on);
  }

  /** Uncaught errors and console.error of the page's code, over all its lives. */
  consoleErrors(): string[] {
    return [...this.errors];
  }

  /** The browser's own complaints about refused connections: expected when a test cuts the line. */
  networkErrors(): string[] {
    return [...this.network];
  }
}
