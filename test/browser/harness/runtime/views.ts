/** Which view a type names. A type whose plugin is gone shows a placeholder that remembers it. */
import type { App } from './app.ts';
import type { WorkspaceLeaf } from './leaf.ts';
import { MarkdownView } from './markdown-view.ts';
import { EmptyView, type View } from './view.ts';

export type ViewCreator = (leaf: WorkspaceLeaf) => View;

export class Views {
  readonly extensions = new Map<string, string>([['md', 'markdown']]);
  private readonly creators = new Map<string, ViewCreator>([['markdown', (leaf) => new MarkdownView(leaf)]]);
  private readonly app: App;

  constructor(app: App) {
    this.app = app;
  }

  typeForExtension(extension: string): string | undefined {
    return this.extensions.get(extension);
  }

  register(type: string, creator: ViewCreator): void {
    if (this.creators.has(type)) throw new Error(`Attempting to register an existing view type "${type}"`);
    this.creators.set(type, creator);
    this.rebuild(type);
  }

  unregister(type: string): void {
    this.creators.delete(type);
    this.rebuild(type);
  }

  create(type: string, leaf: WorkspaceLeaf): View {
    const creator = this.creators.get(type);
    if (creator) return creator(leaf);
    const empty = new EmptyView(leaf);
    if (type !== 'empty') empty.wanted__ = { type, state: {} };
    return empty;
  }

  private rebuild(type: string): void {
    for (const leaf of this.app.workspace.getLeavesOfType(type)) {
      const { state } = leaf.getViewState();
      leaf.queue__ = leaf.queue__.then(async () => {
        await leaf.show__(this.create(type, leaf));
        await leaf.view.setState(state ?? {}, { history: false });
        this.app.draw__();
      });
    }
  }
}
