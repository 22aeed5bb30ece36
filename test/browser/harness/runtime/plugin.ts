/** Plugin: everything registered here is undone on unload. */
import type { App } from './app.ts';
import type { BasesRegistration } from './bases.ts';
import type { Command } from './commands.ts';
import { Component } from './component.ts';
import type { EditorSuggest } from './editor-suggest.ts';
import type { ViewCreator } from './views.ts';
import type { CodeBlockProcessor, PostProcessor } from './renderer.ts';
import type { PluginSettingTab } from './setting-tab.ts';

export interface PluginManifest {
  id: string;
  name: string;
  version: string;
  minAppVersion: string;
  description: string;
  author: string;
  isDesktopOnly?: boolean;
  dir?: string;
}

export class Plugin extends Component {
  app: App;
  manifest: PluginManifest;
  settings: unknown;
  declare onExternalSettingsChange?: () => unknown;

  constructor(app: App, manifest: PluginManifest) {
    super();
    this.app = app;
    this.manifest = manifest;
  }

  onUserEnable(): void {}

  addRibbonIcon(icon: string, title: string, callback: (event: MouseEvent) => unknown): HTMLElement {
    const el = this.app.shell__.ribbonIcon(icon, title, callback);
    this.register(() => el.remove());
    return el;
  }

  /** On a phone there is no status bar: the element exists, nobody sees it. */
  addStatusBarItem(): HTMLElement {
    const el = createDiv(`status-bar-item plugin-${this.manifest.id}`);
    this.app.shell__.statusBar?.append(el);
    this.register(() => el.remove());
    return el;
  }

  addCommand(command: Command): Command {
    command.id = `${this.manifest.id}:${command.id}`;
    command.name = `${this.manifest.name}: ${command.name}`;
    this.app.commands__.add(command);
    this.register(() => this.app.commands__.remove(command.id));
    return command;
  }

  removeCommand(commandId: string): void {
    this.app.commands__.remove(`${this.manifest.id}:${commandId}`);
  }

  addSettingTab(tab: PluginSettingTab): void {
    this.app.settingTabs__.add(this.manifest.id, tab);
    this.register(() => this.app.settingTabs__.remove(this.manifest.id, tab));
  }

  registerView(type: string, creator: ViewCreator): void {
    this.app.views__.register(type, creator);
    this.register(() => this.app.views__.unregister(type));
  }

  registerExtensions(extensions: string[], viewType: string): void {
    for (const extension of extensions) this.app.views__.extensions.set(extension, viewType);
    this.register(() => extensions.forEach((extension) => this.app.views__.extensions.delete(extension)));
  }

  registerHoverLinkSource(id: string, info: unknown): void {
    void id;
    void info;
  }

  registerMarkdownPostProcessor(processor: PostProcessor, sortOrder = 0): PostProcessor {
    this.app.plugins__.addPostProcessor(processor, sortOrder);
    this.register(() => this.app.plugins__.postProcessors.remove(processor));
    return processor;
  }

  registerMarkdownCodeBlockProcessor(language: string, handler: CodeBlockProcessor): PostProcessor {
    const { codeBlocks } = this.app.plugins__;
    if (codeBlocks.has(language))
      throw new Error(`Code block postprocessor for language ${language} is already registered`);
    codeBlocks.set(language, handler);
    this.app.plugins__.renderAgain();
    this.register(() => {
      codeBlocks.delete(language);
      this.app.plugins__.renderAgain();
    });
    return () => undefined;
  }

  /** Shown by `harness.openBase` only. */
  registerBasesView(viewId: string, registration: BasesRegistration): boolean {
    this.app.plugins__.basesViews.set(viewId, registration);
    this.register(() => this.app.plugins__.basesViews.delete(viewId));
    return true;
  }

  registerEditorExtension(extension: unknown): void {
    this.app.plugins__.editorExtensions.push(extension as never);
    this.app.workspace.updateOptions();
    this.register(() => {
      this.app.plugins__.editorExtensions.remove(extension as never);
      this.app.workspace.updateOptions();
    });
  }

  registerObsidianProtocolHandler(action: string, handler: (params: Record<string, string>) => unknown): void {
    const { protocolHandlers } = this.app.plugins__;
    protocolHandlers.set(action, handler);
    this.register(() => protocolHandlers.delete(action));
  }

  registerEditorSuggest(suggest: EditorSuggest<unknown>): void {
    const { editorSuggests } = this.app.plugins__;
    editorSuggests.all.push(suggest);
    this.register(() => {
      suggest.close();
      editorSuggests.all.remove(suggest);
    });
  }

  registerCliHandler(
    command: string,
    description: string,
    flags: unknown,
    handler: (params: unknown) => unknown,
  ): void {
    void description;
    void flags;
    this.app.plugins__.cliHandlers.set(command, handler);
    this.register(() => this.app.plugins__.cliHandlers.delete(command));
  }

  async loadData(): Promise<unknown> {
    const { adapter } = this.app.vault;
    const path = `${this.manifest.dir ?? ''}/data.json`;
    return (await adapter.exists(path)) ? (JSON.parse(await adapter.read(path)) as unknown) : null;
  }

  async saveData(data: unknown): Promise<void> {
    await this.app.vault.adapter.write(`${this.manifest.dir ?? ''}/data.json`, JSON.stringify(data, null, 2));
  }
}
