/** The containers of leaves. Each knows its element and, for the side docks, whether it is folded away. */
import { Events } from './component.ts';
import { strict } from './strict.ts';
import type { Workspace } from './workspace.ts';

export class WorkspaceItem extends Events {
  parent: WorkspaceParent | null = null;
  workspace__: Workspace;

  constructor(workspace: Workspace) {
    super();
    this.workspace__ = workspace;
    return strict(this, new.target.name);
  }

  getRoot(): WorkspaceItem {
    return this.parent ? this.parent.getRoot() : this;
  }

  getContainer(): WorkspaceItem {
    return this.getRoot();
  }
}

export class WorkspaceParent extends WorkspaceItem {}
export class WorkspaceSplit extends WorkspaceParent {}
export class WorkspaceTabs extends WorkspaceParent {}
export class WorkspaceFloating extends WorkspaceParent {}
export class WorkspaceContainer extends WorkspaceSplit {
  win: Window = window;
  doc: Document = document;
}
export class WorkspaceRoot extends WorkspaceContainer {}
export class WorkspaceWindow extends WorkspaceContainer {}
export class WorkspaceRibbon {}

/** On a phone the same thing is a drawer over the note. */
export class WorkspaceSidedock extends WorkspaceSplit {
  collapsed = true;

  expand(): void {
    this.collapsed = false;
    this.workspace__.layoutChanged__();
  }

  collapse(): void {
    this.collapsed = true;
    this.workspace__.layoutChanged__();
  }

  toggle(): void {
    if (this.collapsed) this.expand();
    else this.collapse();
  }
}

export class WorkspaceMobileDrawer extends WorkspaceSidedock {}
