/** What happens to files, told to the notes. Also keeps sealed notes in reading view, where no keyboard comes up. */
import type { TFile } from 'obsidian';
import { debounce, MarkdownView, type Plugin } from 'obsidian';
import type { Notebook } from '../notes/notebook.ts';
import { openNotes } from './surface.ts';
import { identityOf } from './vault-files.ts';

/** Of typing: short enough for others to read along, long enough not to follow every key. */
const TYPING = 300;

/** Call when the layout is ready: before, Obsidian tells of every file as if it were new. `showing` hears which notes are open. */
export function watchVault(
  plugin: Plugin,
  notebook: () => Notebook | undefined,
  showing: (paths: readonly string[]) => void = () => undefined,
): void {
  const { app } = plugin;
  const { vault, workspace } = app;
  plugin.registerEvent(vault.on('modify', (file) => notebook()?.noticed(file.path)));
  const typedIn = new Map<string, () => void>();
  plugin.registerEvent(
    workspace.on('editor-change', (_editor, { file }) => {
      if (!file || notebook()?.streamAt(file.path) === undefined) return;
      const { path } = file;
      if (!typedIn.has(path))
        typedIn.set(
          path,
          debounce(() => {
            typedIn.delete(path);
            notebook()?.noticed(path);
          }, TYPING),
        );
      typedIn.get(path)!();
    }),
  );
  plugin.registerEvent(vault.on('delete', (file) => notebook()?.gone(file.path)));
  plugin.registerEvent(vault.on('rename', (file, from) => notebook()?.moved(from, file.path)));
  plugin.registerEvent(
    app.metadataCache.on('changed', (file) => {
      const identity = identityOf(app, file);
      if (identity) notebook()?.found(identity);
    }),
  );

  const keepReading = (): void => {
    for (const leaf of workspace.getLeavesOfType('markdown')) {
      const { view } = leaf;
      if (
        !(view instanceof MarkdownView) ||
        !view.file ||
        !notebook()?.isSealed(view.file.path) ||
        view.getMode() === 'preview'
      )
        continue;
      const state = leaf.getViewState();
      void leaf.setViewState({ ...state, state: { ...state.state, mode: 'preview' } });
    }
  };
  const shown = (): void => showing(openNotes(app));
  for (const hear of [keepReading, shown]) {
    plugin.registerEvent(workspace.on('file-open', hear));
    plugin.registerEvent(workspace.on('layout-change', hear));
  }
  shown();
  plugin.registerMarkdownPostProcessor((element, context) => {
    if (!notebook()?.isSealed(context.sourcePath)) return;
    for (const box of element.findAll('input[type="checkbox"]')) box.setAttribute('disabled', 'true');
  });
}

/** Until Obsidian has read the properties of every note, or a while has passed. */
export function cacheReady(plugin: Plugin): Promise<void> {
  const { vault, metadataCache } = plugin.app;
  const isRead = (): boolean =>
    vault.getMarkdownFiles().every((file: TFile) => metadataCache.getFileCache(file) !== null);
  if (isRead()) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = window.setTimeout(done, 5000);
    const resolved = metadataCache.on('resolved', () => {
      if (isRead()) done();
    });
    function done(): void {
      window.clearTimeout(timer);
      metadataCache.offref(resolved);
      resolve();
    }
  });
}
