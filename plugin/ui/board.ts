/** The shift board: connection in plain words, what presides now, what is to be done with a button for each verb, what needs attention. */
import { ItemView, Notice, type App, type Menu, type WorkspaceLeaf } from 'obsidian';
import type { Timeline } from '../../shared/kernel/timeline.ts';
import { readsArchiveOnly } from '../audit/archive.ts';
import type { Attention } from '../attention.ts';
import { choiceFrom, grouped, isNarrow, offers, sift, type Choice, type Group, type Item } from '../board/sift.ts';
import type { Template } from '../handover/templates.ts';
import type { Host } from '../host.ts';
import type { Memory } from '../notes/ports.ts';
import type { People, PersonHere } from '../people.ts';
import { keyOf, type Held } from '../replica.ts';
import type { Status } from '../status.ts';
import { creations } from '../verbs.ts';
import { Archive } from './archive.ts';
import type { Audit } from './audit.ts';
import { addButton, named, openNote, paintCard, type Around } from './board-card.ts';
import { FilterRow } from './board-filter.ts';
import { CardList } from './board-list.ts';
import { perform } from './perform.ts';
import { say } from './say.ts';
import { drawPerson } from './takeover.ts';
import { boardWords, commandsWords, connectWords } from '../words/index.ts';

export const BOARD = 'operary-board';
/** More than a person looks at in one group of what is no work; the rest is counted. */
const MOST = 50;
const MOST_TIMELINES = 3;
const REDRAW_AFTER = 100;
/** What is overdue changes with the time alone. */
const LOOK_EVERY = 60_000;
/** For the notes, when the link of a notice has only just opened Obsidian. */
const LINK_PATIENCE = { looks: 40, every: 500 };
const CHOICE = 'board';
const FORMS = '.modal-container';
const LOOK_FOR_FORMS_EVERY = 100;

export interface BoardParts {
  readonly host: () => Host | undefined;
  readonly memory: Memory;
  readonly attention: Attention;
  readonly status: () => Status;
  readonly people: People;
  readonly takeOver: (person?: PersonHere) => void;
  readonly retry: () => void;
  /** To a plant, for the first time or again. */
  readonly connect: () => void;
  readonly templates: () => readonly Template[];
  readonly showTrail: (held: Held) => void;
  /** What happened while this presides, where that is known. */
  readonly timelineOf: (held: Held) => Timeline | undefined;
  readonly fillMenu: (menu: Menu, held: Held) => void;
  readonly audit: Audit;
}

export class BoardView extends ItemView {
  private readonly parts: BoardParts;
  private timer: number | undefined;
  /** What had the focus last, and may have it again when all is drawn anew or a form over it is closed. */
  private place: string | undefined;
  private readonly opened = new Set<string>();
  private choice: Choice;
  private top!: HTMLElement;
  private work!: HTMLElement;
  private filter!: FilterRow;
  private list!: CardList<Item>;
  private around: Around | undefined;
  private items: readonly Item[] = [];
  private readonly archive: Archive;

  constructor(leaf: WorkspaceLeaf, parts: BoardParts) {
    super(leaf);
    this.parts = parts;
    this.archive = new Archive({ ...parts.audit, open: (path) => void openNote(this.app, path) });
    this.icon = 'clipboard-list';
    this.navigation = false;
    this.choice = choiceFrom(parts.memory.get(CHOICE));
  }

  getViewType(): string {
    return BOARD;
  }

  getDisplayText(): string {
    return boardWords.title;
  }

  protected override onOpen(): Promise<void> {
    const { contentEl: el } = this;
    el.addClass('operary-board');
    this.top = el.createDiv({ cls: 'operary-top' });
    this.work = el.createDiv({ cls: 'operary-work' });
    this.filter = new FilterRow(this.work, this.choice, (part) => this.choose(part));
    this.list = new CardList(el, this.work.createDiv(), {
      sign: ({ key, card }) =>
        JSON.stringify([card, this.opened.has(key), this.around?.me, this.around?.host.notebook.pathOf(key)]),
      paint: (item) => paintCard(this.around!, item),
    });
    const observer = new ResizeObserver(() => this.list.resized(this.work.offsetWidth));
    observer.observe(this.work);
    this.register(() => observer.disconnect());
    this.registerDomEvent(el, 'scroll', () => this.list.place());
    this.registerDomEvent(el, 'focusin', ({ target }) => {
      this.place = (target as HTMLElement).dataset['operary'];
    });
    this.registerDomEvent(el, 'focusout', ({ relatedTarget }) => {
      if ((relatedTarget as Element | null)?.closest(FORMS)) this.comeBack();
    });
    this.registerInterval(window.setInterval(() => this.changed(), LOOK_EVERY));
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

  private choose(part: Partial<Choice>): void {
    this.choice = { ...this.choice, ...part };
    this.parts.memory.set(CHOICE, JSON.stringify(this.choice));
    this.drawWork();
  }

  private draw(): void {
    const { contentEl: el } = this;
    const isOurs = el.contains(activeDocument.activeElement);
    const host = this.parts.host();
    this.around = host?.me && {
      app: this.app,
      host,
      me: this.parts.people.isLocked ? undefined : host.me,
      opened: this.opened,
      templates: this.parts.templates,
      showTrail: this.parts.showTrail,
      fillMenu: this.parts.fillMenu,
      changed: () => this.draw(),
    };
    this.items = host && this.around ? itemsOf(host) : [];
    this.drawTop();
    this.drawWork();
    if (isOurs && !el.contains(activeDocument.activeElement)) this.focusAgain();
  }

  /** The same control, or another of the same thing. */
  private focusAgain(): void {
    const { contentEl: el, place } = this;
    if (place === undefined) return;
    const [of = ''] = place.split(' ');
    const found =
      el.querySelector<HTMLElement>(`[data-operary="${CSS.escape(place)}"]`) ??
      (of ? el.querySelector<HTMLElement>(`[data-operary^="${CSS.escape(of)}"]`) : null);
    found?.focus({ preventScroll: true });
  }

  /** Once no form lies over it any more. */
  private comeBack(): void {
    if (activeDocument.querySelector(FORMS)) window.setTimeout(() => this.comeBack(), LOOK_FOR_FORMS_EVERY);
    else if (activeDocument.activeElement === activeDocument.body) this.focusAgain();
  }

  /** For whoever came by a key. */
  enter(): void {
    this.contentEl.querySelector<HTMLElement>('button, input, [tabindex="0"]')?.focus();
  }

  /** All but the work, which is as long as it is. What is on the screen below stays where it is. */
  private drawTop(): void {
    const { top: el, contentEl } = this;
    const [scrolled, before] = [contentEl.scrollTop, this.work.offsetTop];
    el.empty();
    const here = el.createDiv({ cls: 'operary-here' });
    this.drawStatus(here);
    this.drawPeople(here);
    this.drawConcerns(el);
    const host = this.parts.host();
    if (host && readsArchiveOnly(host.register, host.me)) this.archive.draw(el, host);
    else if (this.around) {
      this.drawCreations(el, this.around);
      const others = this.items.filter(({ card }) => !card.work);
      for (const group of grouped(others, 'status')) this.drawGroup(el, this.around, group);
    }
    contentEl.scrollTop = scrolled && scrolled + this.work.offsetTop - before;
  }

  private drawWork(): void {
    const { items } = this;
    const all = items.filter(({ card }) => card.work).length;
    this.work.toggle(all > 0);
    const viewer = { me: this.around?.me, now: new Date().toISOString() };
    const wanted = sift(items, this.choice, viewer);
    const told = wanted.length ? boardWords.someOf(wanted.length, all) : boardWords.noneOf(all);
    this.filter.update(offers(items, this.choice), this.choice, isNarrow(this.choice) ? told : '');
    this.list.show(grouped(wanted, this.choice.by));
  }

  private drawStatus(el: HTMLElement): void {
    const { words, kind, detail } = this.parts.status();
    const box = el.createDiv({ cls: ['operary-status-box', `operary-is-${kind}`] });
    box.createSpan({ cls: 'operary-dot' });
    const text = box.createDiv({ cls: 'operary-status-text' });
    text.createDiv({ cls: 'operary-status-words', text: words });
    if (detail) text.createDiv({ cls: 'operary-status-detail', text: detail });
    const state = this.parts.host()?.connection.state.kind;
    if (state === 'offline' || state === 'denied') addButton(box, commandsWords.retry, () => this.parts.retry());
    if (state === undefined || state === 'unset' || state === 'denied')
      addButton(box, connectWords.title, () => this.parts.connect());
  }

  /** Who is at this device, where more than one person is known on it. */
  private drawPeople(el: HTMLElement): void {
    const { all, active, isLocked } = this.parts.people;
    if (all.length < 2) return;
    const box = el.createDiv({ cls: ['operary-who', ...(isLocked ? ['operary-is-locked'] : [])] });
    box.createSpan({ text: isLocked ? boardWords.lockedAs : (active?.name ?? boardWords.nobody) });
    if (isLocked) {
      const list = box.createDiv({ cls: 'operary-people' });
      for (const person of all) drawPerson(list, person, () => this.parts.takeOver(person));
    }
    addButton(box, boardWords.somebodyElse, () => this.parts.takeOver());
    if (!isLocked) addButton(box, boardWords.lock, () => this.parts.people.lock());
  }

  private drawConcerns(el: HTMLElement): void {
    for (const { about, sentence } of this.parts.attention.all) {
      const box = el.createDiv({ cls: 'operary-concern' });
      named(box, say(box.createDiv(), sentence));
      const showDifference = this.parts.audit.differenceAbout(about);
      if (showDifference) addButton(box, boardWords.showDifference, showDifference, about);
      if (!this.parts.people.isLocked)
        addButton(box, boardWords.seen, () => this.parts.attention.dismiss(about), about);
    }
  }

  private drawCreations(el: HTMLElement, { app, host, me }: Around): void {
    const row = el.createDiv({ cls: 'operary-actions' });
    for (const entry of creations(host.register, me)) {
      const button = addButton(row, entry.word.title, () => perform(app, host, entry, undefined));
      button.toggleClass('mod-cta', entry.word.brief !== undefined);
    }
  }

  private drawGroup(el: HTMLElement, around: Around, { name, items }: Group): void {
    const head = el.createDiv({ cls: 'operary-group', attr: { role: 'heading', 'aria-level': '2' } });
    say(head.createSpan(), name);
    head.createSpan({ cls: 'operary-count', text: String(items.length) });
    let timelines = 0;
    for (const item of items.slice(0, MOST)) {
      const timeline = timelines < MOST_TIMELINES ? this.parts.timelineOf(item.held) : undefined;
      if (timeline) timelines += 1;
      el.append(paintCard(around, item, timeline));
    }
    if (items.length > MOST) el.createDiv({ cls: 'operary-more', text: boardWords.andMore(items.length - MOST) });
  }
}

function itemsOf({ register, replica, scribe }: Host): readonly Item[] {
  const around = scribe.around();
  return register.features.flatMap(({ kind, note }) =>
    replica.all(kind).flatMap((held) => {
      const card = note?.card?.(held.state, held, around);
      return card ? [{ key: keyOf(held), held, card }] : [];
    }),
  );
}

/** What the link of a notice names, as `KIND/ID`. */
export async function openLinked(app: App, host: () => Host | undefined, item: string): Promise<void> {
  for (let looks = 0; looks < LINK_PATIENCE.looks; looks++) {
    const path = host()?.notebook.pathOf(item);
    if (path !== undefined) return openNote(app, path);
    await new Promise((resolve) => window.setTimeout(resolve, LINK_PATIENCE.every));
  }
  new Notice(connectWords.noNote);
}
