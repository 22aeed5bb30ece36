/** A device with the stand-in app on it: a browser context and a page. It starts, restarts, dies and comes back. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { sendForPage } from './requests.ts';
import { siteOrigin } from './site.ts';
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
  /** Another vault of the same app, or the same vault after a crash: pass the first one's context. */
  readonly context?: BrowserContext;
  readonly viewport?: { readonly width: number; readonly height: number };
}

export class Device {
  readonly context: BrowserContext;
  readonly name: string;
  protected readonly options: OpenOptions;
  private readonly errors: string[] = [];
  private readonly network: string[] = [];
  private open: Page | null = null;

  constructor(context: BrowserContext, options: OpenOptions) {
    this.context = context;
    this.options = options;
    this.name = options.name ?? 'Plant';
  }

  get page(): Page {
    if (!this.open) throw new Error(`The vault ${this.name} is closed: revive() it first.`);
    return this.open;
  }

  /** Opens the page and the vault in it; `disk` of an earlier life is found again. */
  async start(): Promise<void> {
    this.open = await this.context.newPage();
    this.open.setDefaultTimeout(5000);
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
    const { data, secrets, localStorage, platform, theme, baseFiles, enable, saveDelayMs, metadataLagMs } =
      this.options;
    await this.page.goto(await siteOrigin());
    const start: StartOptions = {
      vault: this.name,
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
    await this.load();
  }

  /** Dies without saving anything. */
  async kill(): Promise<void> {
    await this.page.close({ runBeforeUnload: false });
    this.open = null;
  }

  async revive(): Promise<void> {
    if (this.open) await this.kill();
    await this.start();
  }

  async close(): Promise<void> {
    if (this.options.context) await this.open?.close();
    else await this.context.close();
    this.open = null;
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
