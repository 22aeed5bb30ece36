/** Settings: a tab draws from its definitions, or, if it has none, by `display()`. */
import type { App } from './app.ts';
import type { Plugin } from './plugin.ts';
import { drawDefinitions, type Drawn, type Item } from './setting-definitions.ts';
import { Modal } from './modal.ts';

export class SettingTab {
  app: App;
  icon = 'settings';
  containerEl: HTMLElement;
  settingItems: Item[] = [];
  drawn__: Drawn | null = null;

  constructor(app: App) {
    this.app = app;
    this.containerEl = createDiv('vertical-tab-content');
  }

  getSettingDefinitions(): Item[] {
    return [];
  }

  getControlValue(key: string): unknown {
    void key;
    return undefined;
  }

  setControlValue(key: string, value: unknown): unknown {
    void key;
    void value;
    return undefined;
  }

  update(): void {
    this.settingItems = this.getSettingDefinitions();
    if (this.containerEl.isConnected) this.draw__();
  }

  refreshDomState(): void {
    this.drawn__?.refresh();
  }

  display(): void {}

  hide(): void {
    this.drawn__?.close();
    this.drawn__ = null;
    this.containerEl.empty();
  }

  draw__(): void {
    this.drawn__?.close();
    this.containerEl.empty();
    if (this.settingItems.length > 0) this.drawn__ = drawDefinitions(this, this.settingItems, this.containerEl);
    else this.display();
  }
}

export class PluginSettingTab extends SettingTab {
  plugin__: Plugin;

  constructor(app: App, plugin: Plugin) {
    super(app);
    this.plugin__ = plugin;
  }

  override getControlValue(key: string): unknown {
    return (this.plugin__.settings as Record<string, unknown> | undefined)?.[key];
  }

  override async setControlValue(key: string, value: unknown): Promise<void> {
    const settings = (this.plugin__.settings ??= {}) as Record<string, unknown>;
    settings[key] = value;
    await this.plugin__.saveData(settings);
  }
}

/** The app's settings window, with the plugins' tabs at its left. */
export class SettingsWindow extends Modal {
  tab__: SettingTab | null = null;
  wanted__: string;

  constructor(app: App, pluginId: string) {
    super(app);
    this.wanted__ = pluginId;
    this.modalEl.addClass('mod-settings', 'mod-sidebar-layout');
    this.titleEl.parentElement?.remove();
    this.contentEl.addClass('vertical-tabs-container');
  }

  override onOpen(): void {
    const nav = this.contentEl.createDiv('vertical-tab-header');
    nav.createDiv({ cls: 'vertical-tab-header-group-title', text: 'Community plugins' });
    const content = this.contentEl.createDiv('vertical-tab-content-container');
    for (const [id, tab] of this.app.settingTabs__.all()) {
      const item = nav.createDiv({
        cls: 'vertical-tab-nav-item',
        text: this.app.plugins__.loaded.get(id)?.manifest.name ?? id,
      });
      item.toggleClass('is-active', id === this.wanted__);
      if (id !== this.wanted__) continue;
      this.tab__ = tab;
      content.append(tab.containerEl);
      tab.update();
      if (tab.settingItems.length === 0) tab.draw__();
    }
  }

  override onClose(): void {
    this.tab__?.hide();
    this.tab__?.containerEl.remove();
  }
}

export class SettingTabs {
  private readonly tabs = new Map<string, SettingTab>();
  private window: SettingsWindow | null = null;
  private readonly app: App;

  constructor(app: App) {
    this.app = app;
  }

  add(id: string, tab: SettingTab): void {
    this.tabs.set(id, tab);
    // Once at registration, for the search index; a plugin must not do I/O there.
    tab.update();
  }

  remove(id: string, tab: SettingTab): void {
    if (this.tabs.get(id) === tab) this.tabs.delete(id);
  }

  all(): [string, SettingTab][] {
    return [...this.tabs];
  }

  open(id: string): boolean {
    if (!this.tabs.has(id)) return false;
    this.close();
    this.window = new SettingsWindow(this.app, id);
    this.window.open();
    return true;
  }

  close(): void {
    this.window?.close();
    this.window = null;
  }
}
