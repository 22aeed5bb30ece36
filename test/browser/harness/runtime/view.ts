/** View, ItemView, FileView: what a leaf can hold. */
import type { App } from './app.ts';
import { Component } from './component.ts';
import { TFile, type TAbstractFile } from './files.ts';
import { setIcon } from './icons.ts';
import type { WorkspaceLeaf } from './leaf.ts';

export class View extends Component {
  app: App;
  icon = 'file-text';
  navigation = false;
  leaf: WorkspaceLeaf;
  containerEl: HTMLElement;
  scope: unknown = null;

  constructor(leaf: WorkspaceLeaf) {
    super();
    this.leaf = leaf;
    this.app = leaf.app__;
    this.containerEl = createDiv('workspace-leaf-content');
  }

  async onOpen(): Promise<void> {}
  async onClose(): Promise<void> {}

  getViewType(): string {
    throw new Error('getViewType is abstract');
  }

  getDisplayText(): string {
    return this.getViewType();
  }

  getState(): Record<string, unknown> {
    return {};
  }

  async setState(state: unknown, result: { history: boolean }): Promise<void> {
    void state;
    void result;
  }

  getEphemeralState(): Record<string, unknown> {
    return {};
  }

  setEphemeralState(state: unknown): void {
    void state;
  }

  getIcon(): string {
    return this.icon;
  }

  onResize(): void {}

  onPaneMenu(menu: unknown, source: string): void {
    void menu;
    void source;
  }

  async open__(): Promise<void> {
    this.containerEl.dataset['type'] = this.getViewType();
    this.load();
    await this.onOpen();
  }

  async close__(): Promise<void> {
    await this.onClose();
    this.unload();
  }
}

export class ItemView extends View {
  contentEl: HTMLElement;
  actionsEl__: HTMLElement;
  titleEl__: HTMLElement;

  constructor(leaf: WorkspaceLeaf) {
    super(leaf);
    const header = this.containerEl.createDiv('view-header');
    this.titleEl__ = header.createDiv('view-header-title-container').createDiv('view-header-title');
    this.actionsEl__ = header.createDiv('view-actions');
    this.contentEl = this.containerEl.createDiv('view-content');
  }

  addAction(icon: string, title: string, callback: (event: MouseEvent) => unknown): HTMLElement {
    const button = createEl('a', { cls: 'clickable-icon view-action', attr: { 'aria-label': title } });
    setIcon(button, icon);
    button.addEventListener('click', callback);
    this.actionsEl__.prepend(button);
    return button;
  }
}

export class EmptyView extends ItemView {
  wanted__: { type: string; state: Record<string, unknown> } | null = null;

  override getViewType(): string {
    return this.wanted__?.type ?? 'empty';
  }

  override getDisplayText(): string {
    return this.wanted__ ? 'Plugin no longer active' : 'New tab';
  }

  override getState(): Record<string, unknown> {
    return this.wanted__?.state ?? {};
  }

  override onload(): void {
    this.containerEl.dataset['type'] = 'empty';
    const empty = this.contentEl.createDiv('empty-state');
    empty.createDiv({ cls: 'empty-state-title', text: this.wanted__ ? 'Plugin no longer active' : 'No file is open' });
  }
}

export class FileView extends ItemView {
  allowNoFile = false;
  file: TFile | null = null;
  override navigation = true;

  override onload(): unknown {
    this.registerEvent(
      this.app.vault.on('rename', (file: TAbstractFile) => void (file === this.file && this.onRename(this.file))),
    );
    this.registerEvent(
      this.app.vault.on('delete', (file: TAbstractFile) => {
        if (file === this.file) void this.leaf.setViewState({ type: 'empty' });
      }),
    );
    return undefined;
  }

  override getDisplayText(): string {
    return this.file?.basename ?? 'No file';
  }

  override getState(): Record<string, unknown> {
    return this.file ? { file: this.file.path } : {};
  }

  override async setState(state: unknown, result: { history: boolean }): Promise<void> {
    await super.setState(state, result);
    const path = (state as { file?: unknown } | null)?.file;
    if (typeof path === 'string') await this.loadFile__(this.app.vault.getFileByPath(path));
  }

  async onLoadFile(file: TFile): Promise<void> {
    void file;
  }

  async onUnloadFile(file: TFile): Promise<void> {
    void file;
  }

  async onRename(file: TFile): Promise<void> {
    this.titleEl__.setText(file.basename);
  }

  canAcceptExtension(extension: string): boolean {
    void extension;
    return false;
  }

  async loadFile__(file: TFile | null): Promise<void> {
    if (file === this.file) return;
    if (this.file) await this.onUnloadFile(this.file);
    // The view names the new file before its text is in the buffer, as in the app.
    this.file = file;
    this.titleEl__.setText(this.getDisplayText());
    if (file) await this.onLoadFile(file);
  }
}

export class EditableFileView extends FileView {}
