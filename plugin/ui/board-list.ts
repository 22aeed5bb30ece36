/**
 * A long list of cards in groups, of which only those in sight are drawn, each again only when it has changed. What has the focus stays,
 * and what is on top of the screen stays there while others come and go.
 */
import { spanOf, stacked } from '../board/span.ts';
import { say } from './say.ts';

const GUESSED_HEIGHT = 110;
const GAP = 8;
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, PageDown: 1, ArrowUp: -1, PageUp: -1 };
const ACROSS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

/** What is painted again when it is held anew. */
export interface Listed {
  readonly key: string;
  readonly held?: object;
}

export interface ListedGroup<Item> {
  readonly name: string;
  readonly items: readonly Item[];
}

/** How the list lies on the screen. */
export interface Layout {
  /** How much is drawn beyond the edges of the screen, so that neither Tab nor a finger meets a gap. */
  readonly margin: number;
  /** Groups may stand side by side, under heads that stay at the top of the screen. */
  readonly isAcross: boolean;
}

const DOWN: Layout = { margin: 400, isAcross: false };

interface Shown<Item> {
  readonly el: HTMLElement;
  readonly item: Item;
  readonly sign: string;
}

interface Section<Item> {
  readonly group: ListedGroup<Item>;
  readonly box: HTMLElement;
  readonly head: HTMLElement;
  readonly count: HTMLElement;
  readonly list: HTMLElement;
  tops: readonly number[];
}

export interface Painter<Item> {
  /** Everything that a card shows beside its item, as one word: it is drawn again when that differs. */
  sign(item: Item): string;
  paint(item: Item): HTMLElement;
}

export class CardList<Item extends Listed> {
  private readonly scroller: HTMLElement;
  private readonly root: HTMLElement;
  private readonly painter: Painter<Item>;
  private readonly layout: Layout;
  private sections: readonly Section<Item>[] = [];
  private readonly shown = new Map<string, Shown<Item>>();
  private readonly heights = new Map<string, number>();
  private width = 0;

  constructor(scroller: HTMLElement, root: HTMLElement, painter: Painter<Item>, layout = DOWN) {
    this.scroller = scroller;
    this.root = root;
    this.painter = painter;
    this.layout = layout;
    root.onkeydown = (event) => {
      const from = event.target as Node;
      const [step, across] = [STEPS[event.key], layout.isAcross ? ACROSS[event.key] : undefined];
      const has = step !== undefined ? this.walk(from, step) : across !== undefined && this.cross(from, across);
      if (has) event.preventDefault();
    };
  }

  show(groups: readonly ListedGroup<Item>[]): void {
    const anchor = this.anchor();
    const before = new Map(this.sections.map((section) => [section.group.name, section]));
    this.sections = groups.map((group) => ({ ...(before.get(group.name) ?? this.section(group)), group }));
    const names = new Set(groups.map(({ name }) => name));
    for (const { group, box } of before.values()) if (!names.has(group.name)) box.remove();
    inPlace(
      this.root,
      this.sections.map(({ box }) => box),
    );
    for (const { group, count } of this.sections) setText(count, String(group.items.length));
    this.stack();
    this.hold(anchor);
    this.place();
  }

  /** Wider or narrower, all heights are others. */
  resized(width: number): void {
    if (width === this.width) return;
    this.width = width;
    const anchor = this.anchor();
    this.heights.clear();
    this.measure();
    this.stack();
    this.hold(anchor);
    this.place();
  }

  /** Draws what is in sight now. Heights are known only then, so that it may take a second look. */
  place(): void {
    const anchor = this.anchor();
    for (let look = 0; look < 3; look++) {
      this.draw();
      if (!this.measure()) return;
      this.stack();
      this.hold(anchor);
    }
  }

  private section(group: ListedGroup<Item>): Section<Item> {
    const box = createDiv();
    const head = box.createDiv({ cls: 'operary-group', attr: { role: 'heading', 'aria-level': '2' } });
    say(head.createSpan(), group.name);
    const count = head.createSpan({ cls: 'operary-count' });
    const list = box.createDiv({ cls: 'operary-cards', attr: { role: 'group', 'aria-label': group.name } });
    return { group, box, head, count, list, tops: [0] };
  }

  private stack(): void {
    for (const section of this.sections) {
      section.tops = stacked(section.group.items.map(({ key }) => this.heights.get(key) ?? GUESSED_HEIGHT));
      section.list.setCssStyles({ height: `${section.tops.at(-1)!}px` });
    }
  }

  private draw(): void {
    const kept = new Set<string>();
    const view = this.scroller.getBoundingClientRect();
    const { margin } = this.layout;
    for (const { group, list, tops } of this.sections) {
      const { top, left, right } = list.getBoundingClientRect();
      const isBeside = left > view.right || right < view.left;
      const [first, end] = isBeside ? [0, 0] : spanOf(tops, view.top - margin - top, view.bottom + margin - top);
      const cards: HTMLElement[] = [];
      group.items.forEach((item, at) => {
        if ((at < first || at >= end) && !this.hasFocus(item.key)) return;
        kept.add(item.key);
        const el = this.card(item);
        el.setCssStyles({ top: `${tops[at]!}px` });
        el.setAttrs({ 'aria-posinset': at + 1, 'aria-setsize': group.items.length });
        cards.push(el);
      });
      inPlace(list, cards);
      // A feed without articles is none.
      list.setAttr('role', cards.length ? 'feed' : 'group');
    }
    for (const [key, { el }] of this.shown) {
      if (kept.has(key)) continue;
      el.remove();
      this.shown.delete(key);
    }
  }

  private card(item: Item): HTMLElement {
    const sign = this.painter.sign(item);
    const old = this.shown.get(item.key);
    if (old && old.item.held === item.held && old.sign === sign) return old.el;
    const el = this.painter.paint(item);
    el.setAttrs({ role: 'article', 'data-card': item.key });
    old?.el.replaceWith(el);
    this.shown.set(item.key, { el, item, sign });
    return el;
  }

  /** Whether any card is of another height than was thought. */
  private measure(): boolean {
    let isNew = false;
    for (const [key, { el }] of this.shown) {
      const height = el.offsetHeight + GAP;
      if (height === GAP || this.heights.get(key) === height) continue;
      this.heights.set(key, height);
      isNew = true;
    }
    return isNew;
  }

  private readonly hasFocus = (key: string): boolean =>
    this.shown.get(key)?.el.contains(activeDocument.activeElement) ?? false;

  /** The first card in sight, and where on the screen it stands. */
  private anchor(): { readonly key: string; readonly y: number } | undefined {
    const { top } = this.scroller.getBoundingClientRect();
    if (!this.scroller.scrollTop) return undefined;
    for (const { group, list, tops } of this.sections) {
      const from = list.getBoundingClientRect().top;
      const [at, end] = spanOf(tops, top - from, Infinity);
      if (at < end) return { key: group.items[at]!.key, y: from + tops[at]! };
    }
    return undefined;
  }

  private hold(anchor: { readonly key: string; readonly y: number } | undefined): void {
    const y = anchor && this.yOf(anchor.key);
    if (y !== undefined && y !== anchor!.y) this.scroller.scrollTop += y - anchor!.y;
  }

  private yOf(key: string): number | undefined {
    for (const { group, list, tops } of this.sections) {
      const at = group.items.findIndex((item) => item.key === key);
      if (at >= 0) return list.getBoundingClientRect().top + tops[at]!;
    }
    return undefined;
  }

  /** To the next card or the one before, as in any feed. */
  private walk(from: Node, step: number): boolean {
    const key = this.keyAt(from);
    const all = this.sections.flatMap(({ group }) => group.items);
    const next = all[all.findIndex((item) => item.key === key) + step];
    if (key === undefined || !next) return false;
    this.focus(next.key);
    return true;
  }

  /** To what stands beside it in the next column, or in the one before. */
  private cross(from: Node, step: number): boolean {
    const key = this.keyAt(from);
    const at = this.sections.findIndex(({ group }) => group.items.some((item) => item.key === key));
    const isReversed = getComputedStyle(this.root).direction === 'rtl';
    const next = this.sections[at + (isReversed ? -step : step)];
    if (key === undefined || !next) return false;
    const [beside] = spanOf(next.tops, this.yOf(key)! - next.list.getBoundingClientRect().top + 1, Infinity);
    this.focus(next.group.items[Math.min(beside, next.group.items.length - 1)]!.key);
    return true;
  }

  private readonly keyAt = (from: Node): string | undefined =>
    [...this.shown].find(([, { el }]) => el.contains(from))?.[0];

  /** Brings it into sight where it is not. What is drawn on the way there may be of other heights than was thought, so that it looks again. */
  focus(key: string): void {
    const section = this.sections.find(({ group }) => group.items.some((item) => item.key === key));
    if (!section) return;
    for (let look = 0; look < 3; look++) {
      this.reveal(key, section);
      this.place();
    }
    this.shown.get(key)?.el.querySelector<HTMLElement>('[tabindex], button')?.focus({ preventScroll: true });
  }

  private reveal(key: string, { box, head }: Section<Item>): void {
    const { scroller } = this;
    const [view, { left, right }] = [scroller.getBoundingClientRect(), box.getBoundingClientRect()];
    const top = view.top + (this.layout.isAcross ? head.offsetHeight : 0);
    const y = this.yOf(key)!;
    const bottom = y + (this.heights.get(key) ?? GUESSED_HEIGHT);
    if (y < top || bottom > view.bottom) scroller.scrollTop += y - view.top - view.height / 3;
    if (left < view.left) scroller.scrollLeft += left - view.left;
    else if (right > view.right) scroller.scrollLeft += right - view.right;
  }
}

/** These and no others, in this order; what stands right already is not moved, so that it keeps the focus. */
function inPlace(parent: HTMLElement, children: readonly HTMLElement[]): void {
  const wanted = new Set<Element>(children);
  for (const child of Array.from(parent.children)) if (!wanted.has(child)) child.remove();
  let next = parent.firstElementChild;
  for (const child of children) {
    if (child === next) next = next.nextElementSibling;
    else parent.insertBefore(child, next);
  }
}

const setText = (el: HTMLElement, text: string): void => {
  if (el.textContent !== text) el.setText(text);
};
