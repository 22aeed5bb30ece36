/** Finding leaves. */
import { Events } from './component.ts';
import type { WorkspaceLeaf } from './leaf.ts';
import type { View } from './view.ts';
import type { WorkspaceParent } from './workspace-items.ts';

export abstract class LeafTree extends Events {
  leaves__: WorkspaceLeaf[] = [];
  abstract rootSplit: WorkspaceParent;

  getLeafById(id: string): WorkspaceLeaf | null {
    return this.leaves__.find((leaf) => leaf.id__ === id) ?? null;
  }

  getGroupLeaves(group: string): WorkspaceLeaf[] {
    return this.leaves__.filter((leaf) => leaf.group__ === group);
  }

  iterateRootLeaves(callback: (leaf: WorkspaceLeaf) => unknown): void {
    for (const leaf of [...this.leaves__]) if (leaf.parent === this.rootSplit) callback(leaf);
  }

  iterateAllLeaves(callback: (leaf: WorkspaceLeaf) => unknown): void {
    for (const leaf of [...this.leaves__]) callback(leaf);
  }

  getLeavesOfType(type: string): WorkspaceLeaf[] {
    return this.leaves__.filter((leaf) => leaf.view.getViewType() === type);
  }

  detachLeavesOfType(type: string): void {
    for (const leaf of this.getLeavesOfType(type)) leaf.detach();
  }

  updateOptions(): void {
    this.iterateAllLeaves(
      ({ view }) => 'updateOptions__' in view && (view as View & { updateOptions__(): void }).updateOptions__(),
    );
  }
}
