/** A leaf holds one view. Changes of its state queue up, so that two quick ones cannot interleave. */
import type { App } from './app.ts';
import { strict } from './strict.ts';
import { EmptyView, FileView, type View } from './view.ts';
import { WorkspaceItem, type WorkspaceParent } from './workspace-items.ts';
import type { TFile } from './files.ts';

export interface ViewState {
  type: string;
  state?: Record<string, unknown>;
  active?: boolean;
  pinned?: boolean;
}

let nextId = 1;

export class WorkspaceLeaf extends WorkspaceItem {
  app__: App;
  view: View;
  hoverPopover: unknown = null;
  id__ = `leaf-${nextId++}`;
  containerEl__: HTMLElement;
  pinned__ = false;
  /** In view beside others, whichever tab is the active one. */
  beside__ = false;
  group__: string | null = null;
  queue__: Promise<void> = Promise.resolve();

  constructor(app: App, parent: WorkspaceParent) {
    super(app.workspace);
    this.app__ = app;
    this.parent = parent;
    this.containerEl__ = createDiv('workspace-leaf');
    const self = strict(this, 'WorkspaceLeaf');
    this.containerEl__.addEventListener('focusin', () => {
      if (self.parent === app.workspace.rootSplit) app.workspace.setActiveLeaf(self);
    });
    this.view = new EmptyView(self);
    this.containerEl__.append(this.view.containerEl);
    this.view.load();
    return self;
  }

  get isDeferred(): boolean {
    return false;
  }

  async loadIfDeferred(): Promise<void> {}

  async openFile(
    file: TFile,
    openState: { active?: boolean; state?: Record<string, unknown>; eState?: unknown } = {},
  ): Promise<void> {
    const type = this.app__.views__.typeForExtension(file.extension);
    if (!type) throw new Error(`Obsidian would hand ${file.path} to the system: no view takes it.`);
    const kept = this.view.getViewType() === type ? this.view.getState() : {};
    const state = { ...kept, ...openState.state, file: file.path };
    await this.setViewState({ type, state, active: openState.active ?? true }, openState.eState);
  }

  async open(view: View): Promise<View> {
    await this.show__(view);
    return view;
  }

  getViewState(): ViewState {
    const { view } = this;
    return { type: view.getViewType(), state: view.getState(), ...(this.pinned__ ? { pinned: true } : {}) };
  }

  setViewState(wanted: ViewState, eState?: unknown): Promise<void> {
    const run = this.queue__.then(() => this.become__(wanted, eState));
    this.queue__ = run.catch(() => undefined);
    return run;
  }

  async become__(wanted: ViewState, eState?: unknown): Promise<void> {
    if (this.view.getViewType() !== wanted.type) await this.show__(this.app__.views__.create(wanted.type, this));
    if (wanted.pinned !== undefined) this.setPinned(wanted.pinned);
    await this.view.setState(wanted.state ?? {}, { history: false });
    if (eState !== undefined) this.view.setEphemeralState(eState);
    if (wanted.active) this.workspace__.setActiveLeaf(this, { focus: true });
    this.workspace__.layoutChanged__();
    this.workspace__.fileMayHaveChanged__();
  }

  async show__(view: View): Promise<void> {
    await this.close__();
    this.view = view;
    this.containerEl__.append(view.containerEl);
    await view.open__();
  }

  async close__(): Promise<void> {
    const { view } = this;
    if (view instanceof FileView) await view.loadFile__(null);
    await view.close__();
    view.containerEl.remove();
  }

  getEphemeralState(): unknown {
    return this.view.getEphemeralState();
  }

  setEphemeralState(state: unknown): void {
    this.view.setEphemeralState(state);
  }

  togglePinned(): void {
    this.setPinned(!this.pinned__);
  }

  setPinned(pinned: boolean): void {
    this.pinned__ = pinned;
    this.trigger('pinned-change', pinned);
  }

  setGroupMember(other: WorkspaceLeaf): void {
    this.setGroup((other.group__ ??= other.id__));
  }

  setGroup(group: string): void {
    this.group__ = group;
    this.trigger('group-change', group);
  }

  detach(): void {
    this.workspace__.remove__(this);
    this.queue__ = this.queue__.then(() => this.close__());
    this.containerEl__.remove();
  }

  getIcon(): string {
    return this.view.getIcon();
  }

  getDisplayText(): string {
    return this.view.getDisplayText();
  }

  onResize(): void {
    this.view.onResize();
  }
}
