/** Leaves in the middle and in the side docks, which of them is active, and the events that tell. */
import type { App } from './app.ts';
import type { TFile } from './files.ts';
import { debounce } from './functions.ts';
import { WorkspaceLeaf } from './leaf.ts';
import { LeafTree } from './leaf-tree.ts';
import { strict } from './strict.ts';
import { FileView } from './view.ts';
import {
  WorkspaceRibbon,
  WorkspaceRoot,
  WorkspaceSidedock,
  WorkspaceWindow,
  type WorkspaceParent,
} from './workspace-items.ts';

type Pane = boolean | 'tab' | 'split' | 'window';
type ViewClass<T> = abstract new (...args: never[]) => T;

export class Workspace extends LeafTree {
  app__: App;
  leftSplit: WorkspaceSidedock;
  rightSplit: WorkspaceSidedock;
  leftRibbon = new WorkspaceRibbon();
  rightRibbon = new WorkspaceRibbon();
  override rootSplit: WorkspaceRoot;
  activeLeaf: WorkspaceLeaf | null = null;
  containerEl: HTMLElement = createDiv('workspace');
  layoutReady = false;
  requestSaveLayout = debounce(async () => this.app__.saveLayout__(), 200);
  shown__ = new Map<WorkspaceParent, WorkspaceLeaf>();
  readyCallbacks__: (() => unknown)[] = [];
  lastFile__: TFile | null = null;
  recent__: string[] = [];
  telling__ = false;

  constructor(app: App) {
    super();
    this.app__ = app;
    const self = strict(this, 'Workspace');
    this.leftSplit = new WorkspaceSidedock(self);
    this.rightSplit = new WorkspaceSidedock(self);
    this.rootSplit = new WorkspaceRoot(self);
    return self;
  }

  get activeEditor(): unknown {
    const view = this.activeLeaf?.view;
    return view && 'editor' in view ? view : null;
  }

  onLayoutReady(callback: () => unknown): void {
    if (this.layoutReady) callback();
    else this.readyCallbacks__.push(callback);
  }

  getLayout(): Record<string, unknown> {
    return { leaves: this.leaves__.map((leaf) => leaf.getViewState()) };
  }

  async changeLayout(): Promise<void> {
    throw new Error('The stand-in has no saved layouts.');
  }

  createLeafInParent(parent: WorkspaceParent): WorkspaceLeaf {
    return this.add__(parent.getRoot());
  }

  createLeafBySplit(leaf: WorkspaceLeaf): WorkspaceLeaf {
    return this.split__(leaf);
  }

  splitActiveLeaf(): WorkspaceLeaf {
    return this.split__(this.getMostRecentLeaf());
  }

  async duplicateLeaf(leaf: WorkspaceLeaf): Promise<WorkspaceLeaf> {
    const copy = this.add__(leaf.parent ?? this.rootSplit);
    await copy.setViewState(leaf.getViewState());
    return copy;
  }

  getUnpinnedLeaf(): WorkspaceLeaf {
    return this.getLeaf(false);
  }

  getLeaf(pane: Pane = false): WorkspaceLeaf {
    if (pane === 'split') return this.split__(this.getMostRecentLeaf());
    if (pane) return this.add__(this.rootSplit);
    const usable = (leaf: WorkspaceLeaf | null | undefined): leaf is WorkspaceLeaf =>
      leaf?.parent === this.rootSplit && !leaf.pinned__;
    const candidates = [this.activeLeaf, this.shown__.get(this.rootSplit), ...this.leaves__];
    return candidates.find(usable) ?? this.add__(this.rootSplit);
  }

  moveLeafToPopout(leaf: WorkspaceLeaf): WorkspaceWindow {
    void leaf;
    return new WorkspaceWindow(this);
  }

  openPopoutLeaf(): WorkspaceLeaf {
    return this.add__(this.rootSplit);
  }

  async openLinkText(linktext: string, sourcePath: string, pane: Pane = false, openState = {}): Promise<void> {
    const path = linktext.replace(/#.*$/, '');
    const file = this.app__.metadataCache.getFirstLinkpathDest(path, sourcePath);
    const name = /\.\w+$/.test(path) ? path : `${path}.md`;
    await this.getLeaf(pane).openFile(file ?? (await this.app__.vault.create(name, '')), openState);
  }

  setActiveLeaf(leaf: WorkspaceLeaf, params?: { focus?: boolean } | boolean): void {
    void params;
    if (leaf.parent) this.shown__.set(leaf.parent, leaf);
    if (leaf !== this.activeLeaf) {
      this.activeLeaf = leaf;
      this.trigger('active-leaf-change', leaf);
      this.layoutChanged__();
    }
    this.fileMayHaveChanged__();
  }

  getMostRecentLeaf(root: WorkspaceParent = this.rootSplit): WorkspaceLeaf | null {
    return this.shown__.get(root) ?? this.leaves__.find((leaf) => leaf.parent === root) ?? null;
  }

  getLeftLeaf(split: boolean): WorkspaceLeaf | null {
    return this.sideLeaf__(this.leftSplit, split);
  }

  getRightLeaf(split: boolean): WorkspaceLeaf | null {
    return this.sideLeaf__(this.rightSplit, split);
  }

  async ensureSideLeaf(
    type: string,
    side: 'left' | 'right',
    options: { active?: boolean; split?: boolean; reveal?: boolean; state?: Record<string, unknown> } = {},
  ): Promise<WorkspaceLeaf> {
    const dock = side === 'left' ? this.leftSplit : this.rightSplit;
    const leaf = this.getLeavesOfType(type).find((one) => one.parent === dock) ?? this.add__(dock);
    await leaf.setViewState({
      type,
      ...(options.state ? { state: options.state } : {}),
      active: options.active ?? false,
    });
    if (options.reveal !== false) await this.revealLeaf(leaf);
    return leaf;
  }

  getActiveViewOfType<T>(type: ViewClass<T>): T | null {
    const view: unknown = this.activeLeaf?.view;
    return view instanceof type ? view : null;
  }

  getActiveFile(): TFile | null {
    const view = this.activeLeaf?.view instanceof FileView ? this.activeLeaf.view : this.getMostRecentLeaf()?.view;
    return view instanceof FileView ? view.file : null;
  }

  async revealLeaf(leaf: WorkspaceLeaf): Promise<void> {
    if (leaf.parent instanceof WorkspaceSidedock) leaf.parent.expand();
    this.setActiveLeaf(leaf);
  }

  getLastOpenFiles(): string[] {
    return [...this.recent__];
  }

  handleLinkContextMenu(): boolean {
    return false;
  }

  sideLeaf__(dock: WorkspaceSidedock, split: boolean): WorkspaceLeaf {
    const empty = this.leaves__.find((leaf) => leaf.parent === dock && leaf.view.getViewType() === 'empty');
    return (split ? undefined : empty) ?? this.add__(dock);
  }

  split__(from: WorkspaceLeaf | null): WorkspaceLeaf {
    const leaf = this.add__(this.rootSplit);
    for (const one of [from, leaf]) if (one) one.beside__ = true;
    return leaf;
  }

  add__(parent: WorkspaceParent): WorkspaceLeaf {
    const leaf = new WorkspaceLeaf(this.app__, parent);
    this.leaves__.push(leaf);
    if (!this.shown__.has(parent)) this.shown__.set(parent, leaf);
    this.layoutChanged__();
    return leaf;
  }

  remove__(leaf: WorkspaceLeaf): void {
    this.leaves__.remove(leaf);
    for (const [parent, shown] of this.shown__) {
      if (shown !== leaf) continue;
      const other = this.leaves__.find((one) => one.parent === parent);
      if (other) this.shown__.set(parent, other);
      else this.shown__.delete(parent);
    }
    if (this.activeLeaf === leaf) {
      this.activeLeaf = this.getMostRecentLeaf();
      this.trigger('active-leaf-change', this.activeLeaf);
    }
    this.layoutChanged__();
  }

  layoutChanged__(): void {
    if (this.telling__) return;
    this.telling__ = true;
    queueMicrotask(() => {
      this.telling__ = false;
      if (this.layoutReady) this.trigger('layout-change');
      this.app__.draw__();
      if (this.layoutReady) this.requestSaveLayout();
    });
  }

  fileMayHaveChanged__(): void {
    const file = this.getActiveFile();
    if (file === this.lastFile__) return;
    this.lastFile__ = file;
    if (file) this.recent__ = [file.path, ...this.recent__.filter((path) => path !== file.path)].slice(0, 10);
    this.trigger('file-open', file);
  }

  ready__(): void {
    this.layoutReady = true;
    for (const callback of this.readyCallbacks__.splice(0)) {
      try {
        callback();
      } catch (error) {
        console.error(error);
      }
    }
  }
}
