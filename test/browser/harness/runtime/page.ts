/** The page's entry: `harness.start` opens a vault as the app would, the rest is what the Node side may ask for. */
import './globals.ts';
import * as mocks from 'mocks:obsidian/index';
import { CapacitorAdapter, FileSystemAdapter } from './adapter-kinds.ts';
import { App } from './app.ts';
import { BaseTab } from './bases.ts';
import { Disk, toBytes, toText, type WireEntry } from './disk.ts';
import { becomePlatform, type PlatformName } from './functions.ts';
import { parentPath, TFile } from './files.ts';
import { changeProperties } from './frontmatter.ts';
import { MarkdownView } from './markdown-view.ts';
import { Menu } from './menu.ts';
import { noticesSoFar } from './notice.ts';
import type { Release } from './plugins.ts';
import { TextFileView } from './text-file-view.ts';

export interface StartOptions {
  readonly vault: string;
  /** The files of the vault, as they lie outside. */
  readonly files: readonly WireEntry[];
  /** How late the file watcher tells what another window has written. */
  readonly diskEventMs: number;
  readonly platform: PlatformName;
  readonly saveDelayMs: number;
  readonly metadataLagMs: number;
  readonly release: Release | null;
  readonly enable: boolean;
  readonly theme: 'light' | 'dark';
  /** Only where the vault is new. */
  readonly baseFiles: Record<string, string>;
  readonly data: unknown;
  readonly secrets: Record<string, string>;
  readonly localStorage: Record<string, unknown>;
}

const obsidian: Record<string, unknown> = Object.fromEntries(
  Object.entries(mocks).filter(([name]) => !name.endsWith('__')),
);

let app: App;
let disk: Disk;
let watcherMs = 0;
let release: Release | null = null;
const pending = new Map<string, number>();

async function start(options: StartOptions): Promise<void> {
  becomePlatform(options.platform);
  const { body } = document;
  body.addClass('obsidian-app');
  disk = new Disk(options.files, (changes) => window.__operaryDisk(JSON.stringify(changes)));
  watcherMs = options.diskEventMs;
  const fresh = disk.entries.size === 0;
  if (fresh) {
    await disk.makeFolder('.obsidian');
    await Promise.all(Object.entries(options.baseFiles).map(([path, text]) => putOnDisk(path, text)));
  }
  release = options.release;
  if (release) {
    const dir = `.obsidian/plugins/${release.manifest.id}`;
    const files = {
      'main.js': release.main,
      'styles.css': release.styles,
      'manifest.json': JSON.stringify(release.manifest),
    };
    await Promise.all(Object.entries(files).map(([name, text]) => putOnDisk(`${dir}/${name}`, text)));
    if (fresh && options.data !== undefined) await putOnDisk(`${dir}/data.json`, JSON.stringify(options.data, null, 2));
  }
  app = new App(disk, options, obsidian, options.platform === 'desktop' ? FileSystemAdapter : CapacitorAdapter);
  body.toggleClass('theme-dark', options.theme === 'dark');
  body.toggleClass('theme-light', options.theme === 'light');
  // Obsidian has a global `app`; plugins are told not to use it, and the linter finds those that do.
  Object.assign(window, { app });
  for (const [id, secret] of Object.entries(fresh ? options.secrets : {})) app.secretStorage.setSecret(id, secret);
  for (const [key, value] of Object.entries(fresh ? options.localStorage : {})) app.saveLocalStorage(key, value);
  if (release && options.enable) await app.plugins__.enable(release, false);
  await app.begin__();
}

async function putOnDisk(path: string, text: string): Promise<void> {
  await disk.makeFolder(parentPath(path));
  await disk.put(path, toBytes(text));
}

/** Another program changed the disk: the bytes are there at once, the watcher speaks later, once per path. */
function noticeLater(path: string, afterMs: number): void {
  window.clearTimeout(pending.get(path));
  const look = () => {
    pending.delete(path);
    const known = app.vault.getAbstractFileByPath(path) !== null;
    if (path === `.obsidian/plugins/${release?.manifest.id ?? ''}/data.json`)
      harness.plugin()?.onExternalSettingsChange?.();
    else if (disk.has(path)) app.vault.changed__({ kind: 'written', path });
    else if (known) app.vault.changed__({ kind: 'removed', path });
  };
  pending.set(path, window.setTimeout(look, afterMs));
}

const harness = {
  start,
  obsidianKeys: () => Object.keys(obsidian).sort(),
  /** For the conformance test: the members that plugins meet, by class; of instances too, where one is at hand. */
  membersByClass() {
    const instances: Record<string, object | null> = {
      App: app,
      Vault: app.vault,
      Workspace: app.workspace,
      WorkspaceLeaf: app.workspace.getLeaf(),
      WorkspaceSidedock: app.workspace.rightSplit,
      MarkdownView: harness.view(),
      MarkdownPreviewView: harness.view().previewMode,
      Editor: harness.view().editor,
      TFile: harness.view().file,
      TFolder: app.vault.getRoot(),
      MetadataCache: app.metadataCache,
      FileManager: app.fileManager,
      SecretStorage: app.secretStorage,
      FileSystemAdapter: app.vault.adapter,
    };
    const classes = Object.entries(obsidian).filter(
      (pair): pair is [string, { prototype: object }] => typeof pair[1] === 'function',
    );
    return Object.fromEntries(
      classes.map(([name, { prototype }]) => [
        name,
        { whole: name in instances, members: membersOf(instances[name] ?? prototype) },
      ]),
    );
  },
  obsidian,
  disk: {
    paths: () => [...disk.entries.keys()].filter((path) => !disk.isFolder(path)).sort(),
    read: (path: string) => {
      const file = disk.file(path);
      return file ? toText(file.bytes) : null;
    },
    bytes: (path: string) => [...(disk.file(path)?.bytes ?? [])],
    stat: (path: string) => disk.entries.get(path)?.mtime ?? null,
    async write(path: string, text: string, afterMs: number) {
      await putOnDisk(path, text);
      noticeLater(path, afterMs);
    },
    /** Reads and writes in one step: nobody's save can come between. */
    async replace(path: string, part: string, by: string, afterMs: number) {
      const text = toText(disk.file(path)?.bytes ?? new Uint8Array());
      if (!text.includes(part)) throw new Error(`${path} does not contain: ${part}`);
      await harness.disk.write(
        path,
        text.replace(part, () => by),
        afterMs,
      );
    },
    async rename(from: string, to: string, afterMs: number) {
      await disk.makeFolder(parentPath(to));
      await disk.rename(from, to);
      noticeLater(from, afterMs);
      noticeLater(to, afterMs);
    },
    async delete(path: string, afterMs: number) {
      await disk.delete(path);
      noticeLater(path, afterMs);
    },
    /** Another window on the same vault has written. */
    elsewhere(changes: readonly WireEntry[]) {
      disk.take(changes);
      for (const { path } of changes) noticeLater(path, watcherMs);
    },
  },
  vaultPaths: () =>
    app.vault
      .getFiles()
      .map((file) => file.path)
      .sort(),
  notices: () => [...noticesSoFar],
  statusText: () => app.shell__.statusBar?.innerText.trim() ?? null,
  commands: () => app.commands__.available().map(({ id, name }) => ({ id, name })),
  run: (id: string) => app.commands__.run(id),
  /** The context menu of a file or of a link to it, as plugins have filled it. */
  menuOfFile(path: string, source: string) {
    const menu = new Menu();
    app.workspace.trigger('file-menu', menu, app.vault.getFileByPath(path), source);
    menu.showAtPosition({ x: 100, y: 100 });
  },
  menuOfEditor() {
    const menu = new Menu();
    const view = harness.view();
    app.workspace.trigger('editor-menu', menu, view.editor, view);
    menu.showAtPosition({ x: 100, y: 100 });
  },
  async open(path: string, mode: 'source' | 'preview' | null, place: boolean | 'split') {
    const file = app.vault.getFileByPath(path);
    if (!file) throw new Error(`No note ${path}; there are: ${harness.vaultPaths().join(', ')}`);
    await app.workspace.getLeaf(place).openFile(file, mode ? { state: { mode } } : {});
  },
  /** A base at one of its views, in a tab of its own. */
  async openBase(path: string, view: string) {
    const leaf = app.workspace.getLeaf('tab');
    await leaf.open(new BaseTab(leaf, path, view));
    app.workspace.setActiveLeaf(leaf);
    leaf.setEphemeralState({ focus: true });
  },
  /** Milliseconds that the view of the base in front takes for news and for what they change on the screen. */
  redrawBase(times: number): number[] {
    const { view } = app.workspace.getMostRecentLeaf() ?? {};
    if (!(view instanceof BaseTab)) throw new Error('No base is open.');
    return Array.from({ length: times }, () => view.redraw__());
  },
  view(): MarkdownView {
    const view = app.workspace.getMostRecentLeaf()?.view;
    if (!(view instanceof MarkdownView)) throw new Error('No note is open.');
    return view;
  },
  /** Notes in the middle, in the order in which they were opened. */
  panes: () =>
    app.workspace.leaves__.filter(
      ({ parent, view }) => parent === app.workspace.rootSplit && view instanceof MarkdownView,
    ),
  async setProperty(path: string, key: string, value: unknown) {
    const change = (properties: Record<string, unknown>) => {
      if (value === null) Reflect.deleteProperty(properties, key);
      else properties[key] = value;
    };
    const open = app.workspace.leaves__
      .map((leaf) => leaf.view)
      .find((view) => view instanceof MarkdownView && view.file?.path === path);
    if (open instanceof MarkdownView) return open.saveFrontmatter__(change);
    // A base's cell, or the file's own panel elsewhere: straight to the file.
    await app.vault.process(app.vault.getFileByPath(path) as TFile, (text) => changeProperties(text, change));
  },
  async saveAll() {
    await Promise.all(app.workspace.leaves__.map(async ({ view }) => view instanceof TextFileView && view.save()));
  },
  async quit() {
    await harness.saveAll();
    app.saveLayout__();
    const tasks: Promise<unknown>[] = [];
    const add = (work: () => Promise<unknown>) => void tasks.push(work());
    app.workspace.trigger('quit', { add, addPromise: (one: Promise<unknown>) => void tasks.push(one) });
    await Promise.all(tasks);
  },
  openSettings: () => app.settingTabs__.open(release?.manifest.id ?? ''),
  closeSettings: () => app.settingTabs__.close(),
  disablePlugin: () => app.plugins__.disable(release?.manifest.id ?? ''),
  async enablePlugin(fresh: Release | null) {
    release = fresh ?? release;
    if (release) await app.plugins__.enable(release, true);
  },
  plugin: () => app.plugins__.loaded.get(release?.manifest.id ?? ''),
  protocol: (action: string, params: Record<string, string>) => {
    const handler = app.plugins__.protocolHandlers.get(action);
    if (!handler) throw new Error(`No plugin handles obsidian://${action}`);
    return handler({ action, ...params });
  },
  async cli(command: string, params: Record<string, string>) {
    const handler = app.plugins__.cliHandlers.get(command);
    if (!handler) throw new Error(`No plugin handles the command-line command ${command}`);
    return (await handler(params)) as string;
  },
  theme(name: 'light' | 'dark') {
    document.body.toggleClass('theme-dark', name === 'dark');
    document.body.toggleClass('theme-light', name === 'light');
    app.workspace.trigger('css-change');
  },
  app: () => app,
};

function membersOf(start: object): string[] {
  const names = new Set<string>();
  for (let at: object | null = start; at && at !== Object.prototype; at = Reflect.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at))
      if (name !== 'constructor' && !name.endsWith('__')) names.add(name);
  }
  return [...names].sort();
}

export type Harness = typeof harness;

declare global {
  interface Window {
    harness: Harness;
    /** Carries what was written out of the page; there is no answer. */
    __operaryDisk(changes: string): void;
  }
}

window.harness = harness;
