/** A view of Obsidian's Bases: the notes of any base as cards in columns. It only shows. */
import {
  BasesView,
  Keymap,
  NullValue,
  type BasesEntry,
  type BasesPropertyId,
  type BasesQueryResult,
  type BasesViewConfig,
  type Plugin,
  type QueryController,
  type Value,
} from 'obsidian';
import {
  BOARD_VIEW,
  BY,
  columnsBy,
  columnsOf,
  detailsOf,
  FIRST,
  listed,
  STATUS,
  type Column,
} from '../columns/columns.ts';
import { columnsWords } from '../words/index.ts';
import { named, openNote } from './board-card.ts';
import { CardList, type Listed } from './board-list.ts';

/** Some sixty cards on a large screen. */
const MARGIN = 100;

/** Before any layout is restored, or a base that was open would not know the view. Without Bases there is nothing to be done. */
export function addBasesBoard(plugin: Plugin): void {
  if (typeof plugin.registerBasesView !== 'function') return;
  plugin.registerBasesView(BOARD_VIEW, {
    name: columnsWords.board,
    icon: 'columns-3',
    options: () => [
      { type: 'property', key: BY, displayName: columnsWords.by, default: STATUS },
      { type: 'multitext', key: FIRST, displayName: columnsWords.first },
    ],
    factory: boardOver,
  });
}

/** The class is made only where Obsidian has the one that it extends. */
function boardOver(controller: QueryController, containerEl: HTMLElement): BasesView {
  class BasesBoard extends BasesView {
    readonly type = BOARD_VIEW;
    private readonly columns: Columns;

    constructor() {
      super(controller);
      this.columns = new Columns(containerEl, (path, event) => void openNote(this.app, path, Keymap.isModEvent(event)));
    }

    override onunload(): void {
      this.columns.remove();
    }

    onDataUpdated(): void {
      this.columns.show(this.data, this.config);
    }

    /** Bases asks for it when the view is entered. */
    focus(): void {
      this.columns.focus();
    }
  }
  return new BasesBoard();
}

interface Item extends Listed {
  readonly path: string;
  readonly title: string;
  /** Asked for only when it is drawn. */
  readonly details: () => ReturnType<typeof detailsOf>;
}

class Columns {
  private readonly el: HTMLElement;
  private readonly empty: HTMLElement;
  private readonly list: CardList<Item>;
  private readonly observer: ResizeObserver;
  private readonly open: (path: string, event: MouseEvent | KeyboardEvent) => void;

  constructor(parent: HTMLElement, open: Columns['open']) {
    this.open = open;
    this.el = parent.createDiv({ cls: 'operary-columns', attr: { role: 'region', tabindex: '-1' } });
    this.empty = this.el.createDiv({ cls: 'operary-more' });
    const track = this.el.createDiv({ cls: 'operary-track' });
    this.list = new CardList<Item>(
      this.el,
      track,
      { sign: ({ title, details }) => JSON.stringify([title, details()]), paint: (item) => this.paint(item) },
      { margin: MARGIN, isAcross: true },
    );
    this.el.onscroll = () => this.list.place();
    this.observer = new ResizeObserver(() => {
      this.list.resized(this.el.offsetWidth);
      this.list.place();
    });
    this.observer.observe(this.el);
  }

  remove(): void {
    this.observer.disconnect();
    this.el.remove();
  }

  show(data: BasesQueryResult, config: BasesViewConfig): void {
    const order = config.getOrder();
    const focused = this.el.contains(activeDocument.activeElement)
      ? activeDocument.activeElement?.closest<HTMLElement>('[data-path]')?.dataset['path']
      : undefined;
    const groups = columnsIn(data, config).map(({ name, entries }) => ({
      name,
      items: entries.map((entry) => itemOf(name, entry, order, config)),
    }));
    this.el.ariaLabel = config.name;
    this.empty.setText(groups.length ? '' : columnsWords.none);
    this.list.show(groups);
    // A card that has gone into another column takes the focus along.
    const moved = groups.flatMap(({ items }) => items).find(({ path }) => path === focused);
    if (moved && !this.el.contains(activeDocument.activeElement)) this.list.focus(moved.key);
  }

  /** Whoever is on a card already stays there. */
  focus(): void {
    if (!this.el.contains(activeDocument.activeElement)) this.el.focus({ preventScroll: true });
  }

  private paint({ path, title, details }: Item): HTMLElement {
    const box = createDiv({ cls: 'operary-card', attr: { 'data-path': path } });
    const name = box.createDiv({
      cls: ['operary-card-title', 'operary-link'],
      text: title,
      attr: { dir: 'auto' },
    });
    name.setAttrs({ role: 'link', tabindex: '0' });
    named(box, name);
    const list = box.createEl('dl', { cls: 'operary-card-details' });
    for (const [label, value] of details()) {
      const pair = list.createDiv();
      pair.createEl('dt', { text: label });
      pair.createEl('dd', { text: value, attr: { dir: 'auto' } });
    }
    box.onclick = (event) => this.open(path, event);
    box.onauxclick = (event) => {
      if (event.button === 1) this.open(path, event);
    };
    name.onkeydown = (event) => {
      if (event.key === 'Enter') this.open(path, event);
    };
    return box;
  }
}

function columnsIn(data: BasesQueryResult, config: BasesViewConfig): readonly Column<BasesEntry>[] {
  const by = config.getAsPropertyId(BY) ?? STATUS;
  const label = config.getDisplayName(by);
  const groups = data.groupedData;
  if (groups.some((group) => group.hasKey()))
    return columnsOf(
      groups.map(({ key, entries }) => ({ key: textOf(key), entries })),
      'value',
    );
  return columnsBy(data.data, (entry) => textOf(entry.getValue(by)), listed(config.get(FIRST)), label);
}

const itemOf = (
  column: string,
  entry: BasesEntry,
  order: readonly BasesPropertyId[],
  config: BasesViewConfig,
): Item => {
  const { path, basename } = entry.file;
  let details: ReturnType<Item['details']> | undefined;
  return {
    key: `${column} ${path}`,
    path,
    title: basename,
    details: () =>
      (details ??= detailsOf(
        order,
        (property) => textOf(entry.getValue(property)),
        (property) => config.getDisplayName(property),
      )),
  };
};

const textOf = (value: Value | null | undefined): string =>
  !value || value instanceof NullValue ? '' : value.toString();
