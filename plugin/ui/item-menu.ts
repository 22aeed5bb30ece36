/** What may be done with an item now, in a context menu: of its card, of its note, and of a link to its note. */
import { TFile, type App, type Menu, type Plugin } from 'obsidian';
import type { Subject } from '../../shared/kernel/event.ts';
import { buttonsFor } from '../handover/offers.ts';
import type { Template } from '../handover/templates.ts';
import type { Host } from '../host.ts';
import type { Held } from '../replica.ts';
import { heldIn, itemIn } from './commands.ts';
import { aboutOf, perform } from './perform.ts';
import { createViewActions } from './view-actions.ts';
import { boardWords, menuWords } from '../words/index.ts';

interface Parts {
  readonly app: App;
  readonly host: () => Host | undefined;
  /** Nobody is there in whose name anything could be asked. */
  readonly isLocked: () => boolean;
  readonly templates: () => readonly Template[];
  readonly showTrail: (item: Subject) => void;
  readonly showPhotos: (names: readonly string[]) => void;
}

export interface ItemMenus {
  readonly fill: (menu: Menu, held: Held) => void;
  /** In the menus of files, of links and of the editor, and at the top of our notes. */
  readonly start: (plugin: Plugin) => void;
  /** After it has become known what the notes are about. */
  readonly refresh: () => void;
}

const SECTION = 'operary';

export function createItemMenus({ app, host, isLocked, templates, showTrail, showPhotos }: Parts): ItemMenus {
  /** An app may announce one menu twice: as the editor's, and as the link's. */
  const filled = new WeakSet<Menu>();

  const add = (menu: Menu, title: string, icon: string, act: () => void): void =>
    void menu.addItem((item) => item.setSection(SECTION).setTitle(title).setIcon(icon).onClick(act));

  function fill(menu: Menu, held: Held): void {
    const current = host();
    if (!current || filled.has(menu)) return;
    filled.add(menu);
    menu.addItem((item) => item.setSection(SECTION).setTitle(aboutOf(current, held)).setIsLabel(true));
    for (const entry of buttonsFor(current, held, isLocked() ? undefined : current.me))
      add(menu, entry.word.title, 'play', () => perform(app, current, entry, held, templates()));
    add(menu, boardWords.showTrail, 'git-fork', () => showTrail(held));
    const photos = current.register.byKind.get(held.kind)?.note?.photos?.(held.state) ?? [];
    if (photos.length) add(menu, menuWords.photos, 'image', () => showPhotos(photos));
  }

  function ofNote(menu: Menu, file: TFile | null): void {
    const current = host();
    if (!current || !file) return;
    const held = heldIn(current, file);
    if (held) return fill(menu, held);
    const item = itemIn(app, current, file);
    if (!item || filled.has(menu)) return;
    filled.add(menu);
    add(menu, boardWords.showTrail, 'git-fork', () => showTrail(item));
  }

  const actions = createViewActions({
    app,
    isOurs: ({ path }) => host()?.notebook.streamAt(path) !== undefined,
    fill: ofNote,
  });

  return {
    fill,
    refresh: actions.refresh,
    start(plugin) {
      actions.start(plugin);
      const { workspace, metadataCache } = app;
      plugin.registerEvent(
        workspace.on('file-menu', (menu, file) => ofNote(menu, file instanceof TFile ? file : null)),
      );
      plugin.registerEvent(
        workspace.on('editor-menu', (menu, editor, { file }) => {
          const { line, ch } = editor.getCursor();
          const link = linkAt(editor.getLine(line), ch);
          ofNote(menu, link === undefined ? file : metadataCache.getFirstLinkpathDest(link, file?.path ?? ''));
        }),
      );
    },
  };
}

/** Where the link leads that stands around this place of a line. */
export function linkAt(line: string, at: number): string | undefined {
  for (const { index, 0: whole, 1: path } of line.matchAll(/\[\[([^[\]|#]+)[^[\]]*\]\]/g))
    if (index <= at && at <= index + whole.length) return path;
  return undefined;
}
