/** At the top of a note that Operary keeps stands one sign: it opens what can be done with the note's item now. */
import { MarkdownView, Menu, type App, type Plugin, type TFile } from 'obsidian';
import { menuWords } from '../words/index.ts';

interface Parts {
  readonly app: App;
  /** Whether the note is one of ours. */
  readonly isOurs: (file: TFile) => boolean;
  readonly fill: (menu: Menu, file: TFile) => void;
}

export interface ViewActions {
  /** Looks at all notes that are open. */
  readonly refresh: () => void;
  readonly start: (plugin: Plugin) => void;
}

export function createViewActions({ app, isOurs, fill }: Parts): ViewActions {
  /** A view stays when another note is opened in it. */
  const signs = new Map<MarkdownView, HTMLElement>();
  let isOver = false;

  function open(view: MarkdownView, event: MouseEvent): void {
    if (!view.file) return;
    const menu = new Menu();
    fill(menu, view.file);
    menu.showAtMouseEvent(event);
  }

  function drop(view: MarkdownView): void {
    signs.get(view)?.remove();
    signs.delete(view);
  }

  function refresh(): void {
    if (isOver) return;
    const views = app.workspace
      .getLeavesOfType('markdown')
      .flatMap(({ view }) => (view instanceof MarkdownView ? view : []));
    for (const view of signs.keys()) if (!views.includes(view)) signs.delete(view);
    for (const view of views) {
      if (!view.file || !isOurs(view.file)) drop(view);
      else if (!signs.has(view))
        signs.set(
          view,
          view.addAction('clipboard-list', menuWords.actions, (event) => open(view, event)),
        );
    }
  }

  return {
    refresh,
    start(plugin) {
      plugin.registerEvent(app.workspace.on('file-open', refresh));
      plugin.registerEvent(app.workspace.on('layout-change', refresh));
      plugin.register(() => {
        // What stops after this may still have news.
        isOver = true;
        [...signs.keys()].forEach(drop);
      });
    },
  };
}
