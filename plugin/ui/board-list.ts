/**
 * A long list of cards in groups, of which only those in sight are drawn, each again only when it has changed. What has the focus stays,
 * and what is on top of the screen stays there while others come and go.
 */
import { spanOf, stacked } from '../board/span.ts';
import type { Group, Item } from '../board/sift.ts';

/** Beyond the edges of the screen, so that neither Tab nor a finger meets a gap. */
const MARGIN = 400;
const GUESSED_HEIGHT = 110;
const GAP = 8;
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, PageDown: 1, ArrowUp: -1, PageUp: -1 };

interface Shown {
  readonly el: HTMLElement;
  readonly item: Item;
  readonly sign: string;
}

interface Section {
  readonly group: Group;
  readonly box: HTMLElement;
  readonly count: HTMLElement;
  readonly list: HTMLElement;
  tops: readonly number[];
}

export interface Painter {
  /** Everything that a card shows beside its item, as one word: it is drawn again when that differs. */
  sign(item: Item): string;
  paint(item: Item): HTMLElement;
}

export class CardList {
  private readonly scroller: HTMLElement;
  private readonly root: HTMLElement;
  private readonly painter: Painter;
  private sections: readonly Section[] = [];
  private readonly shown = new Map<string, Shown>();
  private readonly heights = new Map<string, number>();
  private width = 0;

  constructor(scroller: HTMLElement, root: HTMLElement, painter: Painter) {
    this.scroller = scroller;
    this.root = root;
    this.painter = painter;
    root.onkeydown = (event) => {
      const step = STEPS[event.key];
      if (step !== undefined && this.walk(event.target as Node, step)) event.preventDefault();
    };
  }

  show(groups: readonly Group[]): void {
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

  private section(group: Group): Section {
    const box = createDiv();
    const head = box.createDiv({ cls: 'operary-group', attr: { role: 'heading', 'aria-level': '3' } });
    head.createSpan({ text: group.name });
    const count = head.createSpan({ cls: 'operary-count' });
    const list = box.createDiv({ cls: 'operary-cards', attr: { role: 'feed', 'aria-label': group.name } });
    return { group, box, count, list, tops: [0] };
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
    for (const { group, list, tops } of this.sections) {
      const top = list.getBoundingClientRect().top;
      const [first, end] = spanOf(tops, view.top - MARGIN - top, view.bottom + MARGIN - top);
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
    if (old?.item.held === item.held && old.sign === sign) return old.el;
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
    const key = [...this.shown].find(([, { el }]) => el.contains(from))?.[0];
    const all = this.sections.flatMap(({ group }) => group.items);
    const next = all[all.findIndex((item) => item.key === key) + step];
    if (key === undefined || !next) return false;
    const view = this.scroller.getBoundingClientRect();
    const y = this.yOf(next.key)!;
    const bottom = y + (this.heights.get(next.key) ?? GUESSED_HEIGHT);
    if (y < view.top || bottom > view.bottom) this.scroller.scrollTop += y - view.top - view.height / 3;
    this.place();
    this.shown.get(next.key)?.el.querySelector<HTMLElement>('[tabindex], button')?.focus({ preventScroll: true });
    return true;
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
