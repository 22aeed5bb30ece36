/**
 * Loads a release folder's `main.js` as the app does on a phone: a function of (require, module, exports), where
 * require knows `obsidian` and CodeMirror and nothing else. Unloading is followed by a look at what was left behind.
 */
import * as commands from '@codemirror/commands';
import * as language from '@codemirror/language';
import * as state from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import * as view from '@codemirror/view';
import type { App } from './app.ts';
import type { BasesRegistration } from './bases.ts';
import { EditorSuggests } from './editor-suggest.ts';
import { Platform, requireApiVersion } from './functions.ts';
import { everythingNow, leftBehind, type Before } from './leaks.ts';
import { MarkdownView } from './markdown-view.ts';
import type { Plugin, PluginManifest } from './plugin.ts';
import type { CodeBlockProcessor, PostProcessor } from './renderer.ts';

export interface Release {
  readonly manifest: PluginManifest;
  readonly main: string;
  readonly styles: string;
}

const shared: Record<string, unknown> = {
  '@codemirror/commands': commands,
  '@codemirror/language': language,
  '@codemirror/state': state,
  '@codemirror/view': view,
};

export class Plugins {
  readonly editorExtensions: Extension[] = [];
  readonly codeBlocks = new Map<string, CodeBlockProcessor>();
  readonly postProcessors: PostProcessor[] = [];
  readonly protocolHandlers = new Map<string, (params: Record<string, string>) => unknown>();
  readonly cliHandlers = new Map<string, (params: unknown) => unknown>();
  readonly basesViews = new Map<string, BasesRegistration>();
  readonly editorSuggests = new EditorSuggests();
  readonly loaded = new Map<string, Plugin>();
  private readonly before = new Map<string, Before>();
  private readonly styles = new Map<string, HTMLStyleElement>();
  private readonly app: App;
  private readonly obsidian: Record<string, unknown>;

  constructor(app: App, obsidian: Record<string, unknown>) {
    this.app = app;
    this.obsidian = obsidian;
  }

  async enable(release: Release, byUser: boolean): Promise<void> {
    const { id, isDesktopOnly, minAppVersion } = release.manifest;
    if (isDesktopOnly && Platform.isMobile) throw new Error(`Plugin ${id} is for the desktop only.`);
    if (!requireApiVersion(minAppVersion)) throw new Error(`Plugin ${id} needs Obsidian ${minAppVersion}.`);
    this.before.set(id, everythingNow());
    const style = document.head.createEl('style', { text: release.styles });
    this.styles.set(id, style);
    const dir = `.obsidian/plugins/${id}`;
    const plugin = this.evaluate(release, { ...release.manifest, dir });
    this.loaded.set(id, plugin);
    await plugin.load();
    if (byUser) plugin.onUserEnable();
  }

  /** What stayed behind after the unload: an empty list is a clean plugin. */
  async disable(id: string): Promise<string[]> {
    const plugin = this.loaded.get(id);
    if (!plugin) return [];
    plugin.unload();
    this.loaded.delete(id);
    this.styles.get(id)?.remove();
    await Promise.all(this.app.workspace.leaves__.map((leaf) => leaf.queue__));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = this.before.get(id);
    return before ? leftBehind(before) : [];
  }

  addPostProcessor(processor: PostProcessor, sortOrder: number): void {
    processor.sortOrder ??= sortOrder;
    this.postProcessors.push(processor);
    this.postProcessors.sort((a, b) => (a.sortOrder ?? 0) - (b.sortOrder ?? 0));
    this.renderAgain();
  }

  renderAgain(): void {
    this.app.workspace.updateOptions();
    this.app.workspace.iterateAllLeaves(({ view: shown }) => {
      if (shown instanceof MarkdownView && shown.getMode() === 'preview') shown.previewMode.rerender(true);
    });
  }

  private evaluate(release: Release, manifest: PluginManifest): Plugin {
    const module: { exports: unknown } = { exports: {} };
    const require = (name: string): unknown => {
      if (name === 'obsidian') return this.obsidian;
      if (name in shared) return shared[name];
      throw new Error(`The plugin requires "${name}", which a phone does not have.`);
    };
    const source = `${release.main}\n//# sourceURL=plugin:${manifest.id}`;
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the app loads plugins in this way
    const run = new Function('require', 'module', 'exports', source) as (...args: unknown[]) => void;
    run(require, module, module.exports);
    const exported = module.exports as { default?: unknown };
    const Main = (exported.default ?? exported) as new (app: App, manifest: PluginManifest) => Plugin;
    return new Main(this.app, manifest);
  }
}
