/** As much of Bases as a view of a plugin meets: entries of the notes that a `.base` is about, groups, the view's settings, news. */
import { baseIn, shownBy, type BaseView } from '../../../kit/base.ts';
import { BooleanValue } from 'mocks:obsidian/BooleanValue';
import { ListValue } from 'mocks:obsidian/ListValue';
import { NullValue } from 'mocks:obsidian/NullValue';
import { NumberValue } from 'mocks:obsidian/NumberValue';
import { StringValue } from 'mocks:obsidian/StringValue';
import type { Value } from 'obsidian';
import type { App } from './app.ts';
import { Component } from './component.ts';
import type { TFile } from './files.ts';
import type { WorkspaceLeaf } from './leaf.ts';
import { ItemView } from './view.ts';

export class QueryController extends Component {
  app__!: App;
}

export class BasesEntry {
  file: TFile;
  properties__: Readonly<Record<string, unknown>>;

  constructor(file: TFile, properties: Readonly<Record<string, unknown>>) {
    this.file = file;
    this.properties__ = properties;
  }

  getValue(propertyId: string): Value | null {
    const [kind, name] = [propertyId.slice(0, propertyId.indexOf('.')), propertyId.slice(propertyId.indexOf('.') + 1)];
    if (kind === 'file') return valueOf(this.file[name as 'name' | 'path' | 'basename']);
    return kind === 'note' ? valueOf(this.properties__[name]) : null;
  }
}

function valueOf(found: unknown): Value {
  if (found === undefined || found === null) return NullValue.value;
  if (Array.isArray(found)) {
    const list = new ListValue([]);
    list.values__ = found.map(valueOf);
    return list;
  }
  if (typeof found === 'number') return new NumberValue(found);
  if (typeof found === 'boolean') return new BooleanValue(found);
  return new StringValue(String(found));
}

export class BasesEntryGroup {
  key: Value | undefined;
  entries: BasesEntry[];

  constructor(entries: BasesEntry[], key?: Value) {
    this.entries = entries;
    this.key = key;
  }

  hasKey(): boolean {
    return this.key !== undefined && this.key !== NullValue.value;
  }
}

export class BasesQueryResult {
  data: BasesEntry[];
  config__: BasesViewConfig;

  constructor(config: BasesViewConfig, data: BasesEntry[]) {
    this.config__ = config;
    this.data = data;
  }

  get groupedData(): BasesEntryGroup[] {
    const { groupBy } = this.config__.saved__;
    if (!groupBy) return [new BasesEntryGroup(this.data)];
    const groups = new Map<string, BasesEntryGroup>();
    for (const entry of this.data) {
      const key = entry.getValue(idOf(groupBy.property)) ?? NullValue.value;
      const group = groups.get(key.toString()) ?? new BasesEntryGroup([], key);
      group.entries.push(entry);
      groups.set(key.toString(), group);
    }
    const sorted = [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([, group]) => group);
    return groupBy.direction === 'DESC' ? sorted.reverse() : sorted;
  }

  get properties(): string[] {
    return this.config__.getOrder();
  }

  getSummaryValue(): Value {
    return NullValue.value;
  }
}

const idOf = (name: string): string => (/^(note|file|formula)\./.test(name) ? name : `note.${name}`);

export class BasesViewConfig {
  name: string;
  saved__: BaseView & Record<string, unknown>;

  constructor(saved: BaseView) {
    this.name = saved.name;
    this.saved__ = { ...saved };
  }

  get(key: string): unknown {
    return this.saved__[key];
  }

  getAsPropertyId(key: string): string | null {
    const found = this.saved__[key];
    return typeof found === 'string' ? idOf(found) : null;
  }

  getEvaluatedFormula(): Value {
    return NullValue.value;
  }

  set(key: string, value: unknown): void {
    this.saved__ = { ...this.saved__, [key]: value };
  }

  getOrder(): string[] {
    return (this.saved__.order ?? []).map(idOf);
  }

  getSort(): { property: string; direction: string }[] {
    return (this.saved__.sort ?? []).map(({ property, direction }) => ({ property: idOf(property), direction }));
  }

  getDisplayName(propertyId: string): string {
    return propertyId.slice(propertyId.indexOf('.') + 1);
  }
}

export class BasesView extends Component {
  app: App;
  config!: BasesViewConfig;
  allProperties: string[] = [];
  data!: BasesQueryResult;

  constructor(controller: QueryController) {
    super();
    this.app = controller.app__;
  }

  async createFileForView(): Promise<void> {}
}

type Drawn = BasesView & { onDataUpdated(): void; focus?(): void };

export interface BasesRegistration {
  readonly name: string;
  readonly factory: (controller: QueryController, containerEl: HTMLElement) => Drawn;
}

/** A `.base` in a tab, at one of its views. Tables are not drawn; of a view that nobody registered it says so, as Obsidian does. */
export class BaseTab extends ItemView {
  base__: string;
  named__: string;
  shown__: Drawn | undefined;
  timer__: number | undefined;

  constructor(leaf: WorkspaceLeaf, base: string, named: string) {
    super(leaf);
    this.base__ = base;
    this.named__ = named;
  }

  override getViewType(): string {
    return 'bases';
  }

  override getDisplayText(): string {
    return this.base__.slice(this.base__.lastIndexOf('/') + 1, -'.base'.length);
  }

  override async onOpen(): Promise<void> {
    this.titleEl__.setText(this.getDisplayText());
    this.contentEl.createDiv({ cls: 'bases-header', text: this.named__ });
    const container = this.contentEl.createDiv('bases-view');
    const { type } = await this.saved__();
    const registered = this.app.plugins__.basesViews.get(type);
    if (!registered) return void container.setText(`Unknown view type: ${type}`);
    const controller = new QueryController();
    controller.app__ = this.app;
    this.shown__ = this.addChild(registered.factory(controller, container));
    await this.tell__();
    for (const name of ['changed', 'deleted']) this.registerEvent(this.app.metadataCache.on(name, () => this.soon__()));
  }

  /** Other plugins' authors report that Bases asks the view to take the focus. */
  override setEphemeralState(): void {
    this.shown__?.focus?.();
  }

  async saved__(): Promise<BaseView> {
    const view = baseIn(await this.text__()).views.find(({ name }) => name === this.named__);
    if (!view) throw new Error(`${this.base__} has no view ${this.named__}.`);
    return view;
  }

  async text__(): Promise<string> {
    return this.app.vault.adapter.read(this.base__);
  }

  soon__(): void {
    this.timer__ ??= window.setTimeout(() => void this.tell__(), 20);
  }

  /** All of it anew, with other objects, as Obsidian does. */
  async tell__(): Promise<void> {
    this.timer__ = undefined;
    const { shown__: view } = this;
    if (!view) return;
    const { vault, metadataCache } = this.app;
    const files = new Map(vault.getMarkdownFiles().map((file) => [file.basename, file]));
    const properties = (file: TFile) => metadataCache.getFileCache(file)?.frontmatter ?? {};
    const notes = [...files].map(([name, file]) => ({ name, properties: properties(file) }));
    const names = shownBy(baseIn(await this.text__()), this.named__, notes, new Date().toISOString(), 'UTC');
    view.config = new BasesViewConfig(await this.saved__());
    view.data = new BasesQueryResult(
      view.config,
      names.map((name) => new BasesEntry(files.get(name)!, properties(files.get(name)!))),
    );
    view.onDataUpdated();
  }

  redraw__(): number {
    const start = performance.now();
    this.shown__?.onDataUpdated();
    return this.contentEl.offsetHeight && performance.now() - start;
  }
}
