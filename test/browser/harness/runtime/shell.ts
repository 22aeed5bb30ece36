/** The frame around the notes: ribbon, file explorer, tabs, side docks, status bar; on a phone, drawers and a tool bar. */
import type { App } from './app.ts';
import { TFile, TFolder } from './files.ts';
import { Platform } from './functions.ts';
import { setIcon } from './icons.ts';
import { ItemView } from './view.ts';
import type { WorkspaceLeaf } from './leaf.ts';
import type { WorkspaceParent } from './workspace-items.ts';

// One collator for all: ten thousand names are sorted again with every change.
const byName = new Intl.Collator(undefined, { numeric: true }).compare;

export class Shell {
  readonly statusBar: HTMLElement | null;
  private readonly app: App;
  private readonly ribbon: HTMLElement;
  private readonly explorer: HTMLElement;
  private readonly rootEl: HTMLElement;
  private readonly leftEl: HTMLElement;
  private readonly rightEl: HTMLElement;
  private readonly folded = new Set<string>();
  private drawingFiles = false;

  constructor(app: App) {
    this.app = app;
    document.body.addClass('theme-light');
    const frame = document.body.createDiv('app-container').createDiv('horizontal-main-container');
    const { containerEl } = app.workspace;
    frame.append(containerEl);
    this.ribbon = containerEl.createDiv('workspace-ribbon side-dock-ribbon mod-left');
    const left = containerEl.createDiv('workspace-split mod-horizontal mod-left-split');
    const title = left.createDiv('workspace-drawer-title');
    title.setText(app.vault.getName());
    this.explorer = left.createDiv('nav-files-container');
    this.leftEl = left.createDiv('side-leaves');
    this.rootEl = containerEl.createDiv('workspace-split mod-vertical mod-root');
    this.rightEl = containerEl.createDiv('workspace-split mod-horizontal mod-right-split');
    this.statusBar = Platform.isMobile ? null : (frame.parentElement?.createDiv('status-bar') ?? null);
    if (Platform.isMobile) this.phoneBar(frame.parentElement as HTMLElement);
    for (const name of ['create', 'delete', 'rename']) app.vault.on(name, () => this.drawFilesSoon());
    app.workspace.on('file-open', () => this.drawFilesSoon());
  }

  ribbonIcon(icon: string, title: string, callback: (event: MouseEvent) => unknown): HTMLElement {
    const el = this.ribbon.createDiv({ cls: 'clickable-icon side-dock-ribbon-action', attr: { 'aria-label': title } });
    setIcon(el, icon);
    el.addEventListener('click', callback);
    return el;
  }

  draw(): void {
    const { rootSplit, leftSplit, rightSplit } = this.app.workspace;
    this.drawDock(this.rootEl, rootSplit, true);
    this.drawDock(this.leftEl, leftSplit, false);
    this.drawDock(this.rightEl, rightSplit, false);
    this.rightEl.toggle(
      !rightSplit.collapsed && this.app.workspace.leaves__.some((leaf) => leaf.parent === rightSplit),
    );
    this.rightEl.parentElement?.toggleClass('is-right-open', !rightSplit.collapsed);
    this.leftEl.parentElement?.toggleClass('is-open', !leftSplit.collapsed);
  }

  private drawDock(el: HTMLElement, parent: WorkspaceParent, isRoot: boolean): void {
    const { workspace } = this.app;
    const leaves = workspace.leaves__.filter((leaf) => leaf.parent === parent);
    const shown = workspace.shown__.get(parent) ?? leaves[0];
    const tabs = createDiv('workspace-tab-header-container');
    for (const leaf of leaves) this.tab(tabs, leaf, leaf === shown, isRoot);
    for (const leaf of leaves) {
      leaf.containerEl__.toggle(leaf === shown || leaf.beside__);
      leaf.containerEl__.toggleClass('mod-active', leaf === workspace.activeLeaf);
      if (leaf.view instanceof ItemView) leaf.view.titleEl__.setText(leaf.getDisplayText());
      if (leaf.containerEl__.parentElement !== el) el.append(leaf.containerEl__);
    }
    el.querySelector(':scope > .workspace-tab-header-container')?.remove();
    el.prepend(tabs);
  }

  private tab(tabs: HTMLElement, leaf: WorkspaceLeaf, shown: boolean, isRoot: boolean): void {
    const el = tabs.createDiv({
      cls: `workspace-tab-header${shown ? ' is-active' : ''}`,
      attr: { 'data-type': leaf.view.getViewType() },
    });
    setIcon(el.createDiv('workspace-tab-header-inner-icon'), leaf.getIcon());
    el.createDiv({ cls: 'workspace-tab-header-inner-title', text: leaf.getDisplayText() });
    el.addEventListener('click', () => this.app.workspace.setActiveLeaf(leaf));
    if (!isRoot) return;
    const close = el.createDiv('workspace-tab-header-inner-close-button');
    setIcon(close, 'x');
    close.addEventListener('click', (event) => {
      event.stopPropagation();
      leaf.detach();
    });
  }

  private drawFilesSoon(): void {
    if (this.drawingFiles) return;
    this.drawingFiles = true;
    window.setTimeout(() => {
      this.drawingFiles = false;
      this.explorer.empty();
      this.drawFolder(this.explorer, this.app.vault.getRoot(), 0);
    }, 50);
  }

  private drawFolder(el: HTMLElement, folder: TFolder, depth: number): void {
    const order = [...folder.children].sort(
      (a, b) => Number(b instanceof TFolder) - Number(a instanceof TFolder) || byName(a.name, b.name),
    );
    // Thousands of notes would only slow the tests down: nobody scrolls there.
    for (const child of order.slice(0, 200)) {
      const row = el.createDiv({ cls: 'tree-item-self', attr: { 'data-path': child.path } });
      row.setCssProps({ 'padding-inline-start': `${8 + depth * 17}px` });
      const isFolder = child instanceof TFolder;
      if (isFolder)
        setIcon(row.createDiv('tree-item-icon'), this.folded.has(child.path) ? 'chevron-right' : 'chevron-down');
      row.createDiv({
        cls: 'tree-item-inner',
        text: child instanceof TFile && child.extension === 'md' ? child.basename : child.name,
      });
      row.toggleClass('is-active', child === this.app.workspace.lastFile__);
      row.toggleClass('mod-folder', isFolder);
      row.addEventListener('click', () => {
        if (child instanceof TFile) return void this.app.workspace.getLeaf(false).openFile(child);
        if (!this.folded.delete(child.path)) this.folded.add(child.path);
        this.drawFilesSoon();
      });
      if (isFolder && !this.folded.has(child.path)) this.drawFolder(el, child, depth + 1);
    }
  }

  private phoneBar(frame: HTMLElement): void {
    const bar = frame.createDiv('mobile-navbar');
    const { workspace } = this.app;
    const button = (icon: string, label: string, press: () => unknown) => {
      const el = bar.createDiv({ cls: 'mobile-navbar-action', attr: { 'aria-label': label } });
      setIcon(el, icon);
      el.addEventListener('click', press);
    };
    button('menu', 'Files', () => workspace.leftSplit.toggle());
    button('search', 'Command palette', () => this.app.commands__.openPalette());
    button('plus', 'Ribbon', () => this.ribbon.toggleClass('is-open', !this.ribbon.hasClass('is-open')));
    button('align-left', 'Side panel', () => workspace.rightSplit.toggle());
  }
}
