/** One card of the board: what it is about, and a button for each thing that may be done about it. */
import { Menu, Platform, type App, type PaneType } from 'obsidian';
import type { Timeline } from '../../shared/kernel/timeline.ts';
import type { Item } from '../board/sift.ts';
import type { Me } from '../connection.ts';
import { buttonsFor, likeliestFirst } from '../handover/offers.ts';
import type { Template } from '../handover/templates.ts';
import type { Host } from '../host.ts';
import type { Held } from '../replica.ts';
import { freshId } from './naming.ts';
import { perform } from './perform.ts';
import { say } from './say.ts';
import { drawTimeline } from './timeline.ts';
import { boardWords, commonWords } from '../words/index.ts';

/** What cards need of the board. */
export interface Around {
  readonly app: App;
  readonly host: Host;
  /** Nobody while the device is locked: everybody may read. */
  readonly me: Me | undefined;
  /** Cards that show all their verbs. */
  readonly opened: Set<string>;
  readonly templates: () => readonly Template[];
  readonly showTrail: (held: Held) => void;
  /** What may be done with it, in a context menu. */
  readonly fillMenu: (menu: Menu, held: Held) => void;
  readonly changed: () => void;
}

const SHORT = 2;

export function paintCard(around: Around, { key, held, card }: Item, timeline?: Timeline): HTMLElement {
  const { app, host, me, opened } = around;
  const box = createDiv({ cls: ['operary-card', ...(card.urgent ? ['operary-urgent'] : [])] });
  box.oncontextmenu = (event) => {
    event.preventDefault();
    const menu = new Menu();
    around.fillMenu(menu, held);
    menu.showAtMouseEvent(event);
  };
  const path = host.notebook.pathOf(key);
  const title = say(box.createDiv({ cls: 'operary-card-title' }), card.title);
  named(box, title);
  if (path !== undefined) link(app, title, key, path);
  say(box.createDiv({ cls: 'operary-card-details' }), card.details.join(' · '));
  if (timeline) drawTimeline(box, timeline, host.scribe.organisation.zone);
  if (!me) return box;
  const verbs = likeliestFirst(buttonsFor(host, held, me), card);
  const isOpen = opened.has(key);
  const actions = box.createDiv({ cls: 'operary-actions' });
  for (const entry of isOpen ? verbs : verbs.slice(0, SHORT))
    addButton(actions, entry.word.title, () => perform(app, host, entry, held, around.templates()), key);
  if (isOpen || verbs.length <= SHORT) addButton(actions, boardWords.showTrail, () => around.showTrail(held), key);
  if (verbs.length <= SHORT) return box;
  const more = addButton(actions, isOpen ? boardWords.less : commonWords.more, () => {
    if (isOpen) opened.delete(key);
    else opened.add(key);
    around.changed();
  });
  more.ariaExpanded = String(isOpen);
  more.dataset['operary'] = `${key} further`;
  return box;
}

/** `of`: what it belongs to, so that it is found again when all is drawn anew. */
export function addButton(parent: HTMLElement, text: string, press: () => void, of = ''): HTMLButtonElement {
  const button = parent.createEl('button', { text, attr: { 'data-operary': `${of} ${text}` } });
  button.onclick = press;
  return button;
}

/** What stands together, under the words that say what it is. */
export function named(box: HTMLElement, words: HTMLElement): void {
  words.id = freshId();
  box.setAttrs({ role: 'group', 'aria-labelledby': words.id });
}

function link(app: App, title: HTMLElement, key: string, path: string): void {
  title.addClass('operary-link');
  title.setAttrs({ role: 'link', tabindex: '0', 'data-operary': key });
  title.onclick = () => void openNote(app, path);
  title.onkeydown = ({ key: pressed }) => {
    if (pressed === 'Enter') void openNote(app, path);
  };
}

export async function openNote(app: App, path: string, pane: PaneType | boolean = false): Promise<void> {
  const file = app.vault.getFileByPath(path);
  if (!file) return;
  await app.workspace.getLeaf(pane).openFile(file);
  if (Platform.isMobile) app.workspace.rightSplit.collapse();
}
