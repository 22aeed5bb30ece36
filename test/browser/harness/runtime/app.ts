/** App: what plugins see in public members, what the harness adds under names with two underscores. */
import type { DataAdapter } from './adapter.ts';
import { Commands } from './commands.ts';
import type { Disk } from './disk.ts';
import { FileManager } from './file-manager.ts';
import { MetadataCache } from './metadata-cache.ts';
import { Notice } from './notice.ts';
import { Plugins } from './plugins.ts';
import { Keymap, Scope } from './scope.ts';
import { SecretStorage, VaultStorage } from './secrets.ts';
import { SettingTabs } from './setting-tab.ts';
import { Shell } from './shell.ts';
import { strict } from './strict.ts';
import { Vault } from './vault.ts';
import { Views } from './views.ts';
import { Workspace } from './workspace.ts';
import { restoreLayout, type SavedLayout } from './layout.ts';

export interface Settings {
  readonly vault: string;
  readonly saveDelayMs: number;
  readonly metadataLagMs: number;
}

export class App {
  keymap = new Keymap();
  scope = new Scope();
  vault: Vault;
  metadataCache: MetadataCache;
  fileManager: FileManager;
  workspace: Workspace;
  lastEvent: unknown = null;
  renderContext: unknown = null;
  secretStorage: SecretStorage;
  settings__: Settings;
  storage__: VaultStorage;
  layout__: VaultStorage;
  plugins__: Plugins;
  commands__: Commands;
  views__: Views;
  settingTabs__: SettingTabs;
  shell__: Shell;

  constructor(disk: Disk, settings: Settings, obsidian: Record<string, unknown>, Adapter: typeof DataAdapter) {
    const self = strict(this, 'App');
    this.settings__ = settings;
    this.keymap.pushScope(this.scope);
    this.storage__ = new VaultStorage(settings.vault, 'local');
    this.layout__ = new VaultStorage(settings.vault, 'layout');
    this.secretStorage = new SecretStorage(settings.vault);
    this.vault = new Vault(new Adapter(disk, settings.vault));
    this.metadataCache = new MetadataCache(this.vault, settings.metadataLagMs);
    this.fileManager = new FileManager(self);
    this.workspace = new Workspace(self);
    this.plugins__ = new Plugins(self, obsidian);
    this.commands__ = new Commands(self);
    this.views__ = new Views(self);
    this.settingTabs__ = new SettingTabs(self);
    this.shell__ = new Shell(self);
    this.scope.register(['Mod'], 'p', () => {
      this.commands__.openPalette();
      return false;
    });
    return self;
  }

  isDarkMode(): boolean {
    return document.body.hasClass('theme-dark');
  }

  loadLocalStorage(key: string): unknown {
    const text = this.storage__.get(key);
    return text === null ? null : (JSON.parse(text) as unknown);
  }

  saveLocalStorage(key: string, data: unknown): void {
    this.storage__.set(key, data === null || data === undefined ? null : JSON.stringify(data));
  }

  notify__(message: string): void {
    new Notice(message);
  }

  draw__(): void {
    this.shell__.draw();
  }

  saveLayout__(): void {
    const { activeLeaf, leaves__, rootSplit, rightSplit } = this.workspace;
    const saved: SavedLayout = {
      right: rightSplit.collapsed ? 'folded' : 'open',
      leaves: leaves__.map((leaf) => ({
        side: leaf.parent === rootSplit ? 'root' : leaf.parent === rightSplit ? 'right' : 'left',
        active: leaf === activeLeaf,
        state: leaf.getViewState(),
      })),
    };
    this.layout__.set('layout', JSON.stringify(saved));
  }

  /** After the plugins: files appear, then the cache, then the layout is ready. */
  async begin__(): Promise<void> {
    this.vault.discover__();
    this.metadataCache.begin__();
    const saved = this.layout__.get('layout');
    await restoreLayout(this, saved === null ? null : (JSON.parse(saved) as SavedLayout));
    this.workspace.ready__();
    this.draw__();
  }
}
