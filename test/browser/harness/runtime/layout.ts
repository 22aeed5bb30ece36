/** The open notes and side views of the last session. */
import type { App } from './app.ts';
import type { ViewState } from './leaf.ts';

export interface SavedLayout {
  readonly right: 'folded' | 'open';
  readonly leaves: readonly {
    readonly side: 'root' | 'left' | 'right';
    readonly active: boolean;
    readonly state: ViewState;
  }[];
}

export async function restoreLayout(app: App, saved: SavedLayout | null): Promise<void> {
  const { workspace } = app;
  const parents = { root: workspace.rootSplit, left: workspace.leftSplit, right: workspace.rightSplit };
  let active = null;
  for (const { side, active: wasActive, state } of saved?.leaves ?? []) {
    const leaf = workspace.add__(parents[side]);
    await leaf.setViewState(state);
    if (wasActive) active = leaf;
  }
  workspace.rightSplit.collapsed = saved?.right !== 'open';
  const leaf = active ?? workspace.getLeaf(false);
  workspace.setActiveLeaf(leaf);
}
