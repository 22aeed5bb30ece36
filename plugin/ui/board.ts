/** The shift board: connection in plain words, what presides now, what is to be done with a button for each verb, what needs attention. */
import { ItemView, Platform, type WorkspaceLeaf } from 'obsidian';
import type { Card } from '../../shared/kernel/note.ts';
import type { Attention } from '../attention.ts';
import type { Me } from '../connection.ts';
import type { Host } from '../host.ts';
import type { People, PersonHere } from '../people.ts';
import { keyOf, type Held } from '../replica.ts';
import type { Status } from '../status.ts';
import { creations, verbsFor } from '../verbs.ts';
import { freshId } from './naming.ts';
import { perform } from './perform.ts';
import { drawPerson } from './takeover.ts';

export const BOARD = 'operary-board';
/** More than a person looks at in one group; the rest is counted. */
const MOST = 50;
const REDRAW_AFTER = 100;

export interface BoardParts {
  readonly host: () => Host | undefined;
  readonly attention: Attention;
  readonly status: () => Status;
  readonly people: People;
  readonly takeOver: (person?: PersonHere) => void;
  readonly retry: () => void;
  readonly openSettings: () => void;
}

interface Item {
  readonly held: Held;
  readonly card: Card;
}

export class BoardView extends ItemView {
  private readonly parts: BoardParts;
  private timer: number | undefined;
  private readonly opened = new Set<string>();

  constructor(leaf: WorkspaceLeaf, parts: BoardParts) {
    super(leaf);
    this.parts = parts;
    this.icon = 'clipboard-list';
    this.navigation = false;
  }

  getViewType(): string {
    return BOARD;
  }

  getDisplayText(): string {
    return 'Shift board';
  }

  protected override onOpen(): Promise<void> {
    this.contentEl.addClass('operary-board');
    this.draw();
    return Promise.resolve();
  }

  protected override onClose(): Promise<void> {
    window.clearTimeout(this.timer);
    this.timer = undefined;
    return Promise.resolve();
  }

  /** Soon, and once for many changes. */
  changed(): void {
    if (this.timer !== undefined) return;
    this.timer = window.setTimeout(() => {
      this.timer = undefined;
      this.draw();
    }, REDRAW_AFTER);
  }

  private draw(): void {
    const { contentEl: el } = this;
    const top = el.scrollTop;
    const place = el.contains(activeDocument.activeElement)
      ? (activeDocument.activeElement as HTMLElement).dataset['operary']
      : undefined;
    el.empty();
    const here = el.createDiv({ cls: 'operary-here' });
    this.drawStatus(here);
    this.drawPeople(here);
    this.drawConcerns(el);
    const host = this.parts.host();
    if (host?.me) {
      // While the device is locked nobody is there to do anything; everybody may read.
      const me = this.parts.people.isLocked ? undefined : host.me;
      this.drawCreations(el, host, me);
      for (const [group, items] of groupsOf(host)) this.drawGroup(el, host, me, group, items);
    }
    el.scrollTop = top;
    if (place !== undefined) el.querySelector<HTMLElement>(`[data-operary="${CSS.escape(place)}"]`)?.focus();
  }

  private drawStatus(el: HTMLElement): void {
    const { words, kind, detail } = this.parts.status();
    const box = el.createDiv({ cls: ['operary-status-box', `operary-is-${kind}`] });
    box.createSpan({ cls: 'operary-dot' });
    const text = box.createDiv({ cls: 'operary-status-text' });
    text.createDiv({ cls: 'operary-status-words', text: words });
    if (detail) text.createDiv({ cls: 'operary-status-detail', text: detail });
    const state = this.parts.host()?.connection.state.kind;
    if (state === 'offline' || state === 'denied') this.button(box, 'Retry now', () => this.parts.retry());
    if (state === undefined || state === 'unset' || state === 'denied')
      this.button(box, 'Settings', () => this.parts.openSettings());
  }

  /** Who is at this device, where more than one person is known on it. */
  private drawPeople(el: HTMLElement): void {
    const { all, active, isLocked } = this.parts.people;
    if (all.length < 2) return;
    const box = el.createDiv({ cls: ['operary-who', ...(isLocked ? ['operary-is-locked'] : [])] });
    box.createSpan({ text: isLocked ? 'Locked. Take over as' : (active?.name ?? 'Nobody') });
    if (isLocked) {
      const list = box.createDiv({ cls: 'operary-people' });
      for (const person of all) drawPerson(list, person, () => this.parts.takeOver(person));
    }
    this.button(box, 'Somebody else', () => this.parts.takeOver());
    if (!isLocked) this.button(box, 'Lock', () => this.parts.people.lock());
  }

  private drawConcerns(el: HTMLElement): void {
    for (const { about, sentence } of this.parts.attention.all) {
      const box = el.createDiv({ cls: 'operary-concern' });
      named(box, box.createDiv({ text: sentence }));
      if (!this.parts.people.isLocked) this.button(box, 'Seen', () => this.parts.attention.dismiss(about), about);
    }
  }

  private drawCreations(el: HTMLElement, host: Host, me: Me | undefined): void {
    const row = el.createDiv({ cls: 'operary-actions' });
    for (const entry of creations(host.register, me))
      this.button(row, entry.word.title, () => perform(this.app, host, entry, undefined));
  }

  private drawGroup(el: HTMLElement, host: Host, me: Me | undefined, group: string, items: readonly Item[]): void {
    const head = el.createDiv({ cls: 'operary-group', attr: { role: 'heading', 'aria-level': '3' } });
    head.createSpan({ text: group });
    head.createSpan({ cls: 'operary-count', text: String(items.length) });
    for (const item of items.slice(0, MOST)) this.drawCard(el, host, me, item);
    if (items.length > MOST) el.createDiv({ cls: 'operary-more', text: `and ${items.length - MOST} more` });
  }

  private drawCard(el: HTMLElement, host: Host, me: Me | undefined, { held, card }: Item): void {
    const box = el.createDiv({ cls: ['operary-card', ...(card.urgent ? ['operary-urgent'] : [])] });
    const key = keyOf(held);
    const path = host.notebook.pathOf(key);
    const title = box.createDiv({ cls: 'operary-card-title', text: card.title });
    named(box, title);
    if (path !== undefined) this.link(title, key, path);
    box.createDiv({ cls: 'operary-card-details', text: card.details.join(' · ') });
    const next = card.next ?? [];
    const place = (verb: string): number => (next.includes(verb) ? next.indexOf(verb) : next.length);
    const verbs = verbsFor(host.register, held, me).sort((a, b) => place(a.verb) - place(b.verb));
    const isOpen = this.opened.has(key);
    if (!verbs.length) return;
    const actions = box.createDiv({ cls: 'operary-actions' });
    for (const entry of isOpen ? verbs : verbs.slice(0, 2))
      this.button(actions, entry.word.title, () => perform(this.app, host, entry, held), key);
    if (verbs.length <= 2) return;
    const toggle = (): void => {
      if (isOpen) this.opened.delete(key);
      else this.opened.add(key);
      this.draw();
    };
    const more = this.button(actions, isOpen ? 'Less' : 'More', toggle, key);
    more.ariaExpanded = String(isOpen);
    more.dataset['operary'] = `${key} further`;
  }

  /** `of`: what it belongs to, so that it is found again when all is drawn anew. */
  private button(parent: HTMLElement, text: string, press: () => void, of = ''): HTMLButtonElement {
    const button = parent.createEl('button', { text, attr: { 'data-operary': `${of} ${text}` } });
    button.onclick = press;
    return button;
  }

  private link(title: HTMLElement, key: string, path: string): void {
    title.addClass('operary-link');
    title.setAttrs({ role: 'link', tabindex: '0', 'data-operary': key });
    this.registerDomEvent(title, 'click', () => void this.openNote(path));
    this.registerDomEvent(title, 'keydown', ({ key: pressed }) => {
      if (pressed === 'Enter') void this.openNote(path);
    });
  }

  private async openNote(path: string): Promise<void> {
    const file = this.app.vault.getFileByPath(path);
    if (!file) return;
    await this.app.workspace.getLeaf(false).openFile(file);
    if (Platform.isMobile) this.app.workspace.rightSplit.collapse();
  }
}

/** What stands together, under the words that say what it is. */
function named(box: HTMLElement, words: HTMLElement): void {
  words.id = freshId();
  box.setAttrs({ role: 'group', 'aria-labelledby': words.id });
}

function groupsOf({ register, replica, scribe }: Host): [string, Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const { kind, note } of register.features) {
    if (!note?.card) continue;
    for (const held of replica.all(kind)) {
      const card = note.card(held.state, held, scribe.around());
      if (card) groups.set(card.group, [...(groups.get(card.group) ?? []), { held, card }]);
    }
  }
  return [...groups].sort(([, a], [, b]) => a[0]!.card.rank - b[0]!.card.rank);
}
