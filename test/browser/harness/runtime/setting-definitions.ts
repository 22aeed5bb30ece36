/** Draws declarative settings (1.13): rows, groups, lists, pages; predicates are asked again by refresh(). */
import { Setting, SettingGroup } from './setting.ts';
import { drawControl, type Control } from './setting-controls.ts';
import type { SettingTab } from './setting-tab.ts';

type Predicate = boolean | (() => boolean) | undefined;

interface Row {
  name: string;
  desc?: string | DocumentFragment;
  visible?: Predicate;
  disabled?: Predicate;
  control?: Control;
  action?: (el: HTMLElement, index: number) => void;
  render?: (setting: Setting, group: SettingGroup) => void | (() => void);
}

interface Group {
  type: 'group' | 'list';
  heading?: string;
  cls?: string;
  items?: (Row | Page)[];
  visible?: Predicate;
  search?: { placeholder?: string; match: (row: Row, query: string) => boolean };
  extraButtons?: ((component: never) => unknown)[];
  emptyState?: string | DocumentFragment;
  onDelete?: (index: number) => void;
  addItem?: { name: string; action: (el: HTMLElement) => void };
}

interface Page {
  type: 'page';
  name: string;
  desc?: string | DocumentFragment;
  displayValue?: string | (() => string);
  status?: 'warning' | null | (() => 'warning' | null);
  items?: Item[];
  page?: () => { rootEl: HTMLElement; containerEl: HTMLElement; title: string; display(): void; hide(): void };
  visible?: Predicate;
}

export type Item = Row | Group | Page;

export interface Drawn {
  refresh(): void;
  close(): void;
}

const holds = (predicate: Predicate, otherwise: boolean): boolean =>
  (typeof predicate === 'function' ? predicate() : predicate) ?? otherwise;
const valueOf = <T>(value: T | (() => T)): T => (typeof value === 'function' ? (value as () => T)() : value);
const isGroup = (item: Item): item is Group => 'type' in item && item.type !== 'page';
const isPage = (item: Item): item is Page => 'type' in item && item.type === 'page';

export function drawDefinitions(tab: SettingTab, items: Item[], containerEl: HTMLElement): Drawn {
  const checks: (() => void)[] = [];
  const cleanups: (() => void)[] = [];
  const refresh = () => checks.forEach((check) => check());

  const drawPage = (page: Page, group: SettingGroup): HTMLElement => {
    const setting = new Setting(group.listEl)
      .setName(page.name)
      .setDesc(page.desc ?? '')
      .setClass('mod-page');
    const [shown, status] = [valueOf(page.displayValue), valueOf(page.status)];
    if (shown || status)
      setting.addDisplayValue((display) => display.setValue(shown ?? null).setStatus(status ?? null));
    setting.settingEl.addEventListener('click', () => openPage(page));
    return setting.settingEl;
  };

  const openPage = (page: Page): void => {
    containerEl.empty();
    const back = containerEl.createEl('button', { cls: 'setting-page-back', text: `‹ ${page.name}` });
    const body = containerEl.createDiv();
    const custom = page.page?.();
    const inner = page.items ? drawDefinitions(tab, page.items, body) : null;
    if (custom) {
      body.append(custom.rootEl);
      custom.display();
    }
    back.addEventListener('click', () => {
      custom?.hide();
      inner?.close();
      tab.update();
    });
  };

  const drawRow = (row: Row, group: SettingGroup, index: number): HTMLElement => {
    const setting = new Setting(group.listEl).setName(row.name).setDesc(row.desc ?? '');
    if (row.control) drawControl(tab, setting, row.control, refresh);
    if (row.render) cleanups.push(row.render(setting, group) ?? (() => undefined));
    if (row.action) {
      setting.setClass('mod-action');
      setting.settingEl.addEventListener('click', () => {
        if (!setting.settingEl.hasClass('is-disabled')) void row.action?.(setting.settingEl, index);
      });
    }
    const disabled = row.control?.disabled ?? row.disabled;
    if (disabled !== undefined) checks.push(() => setting.setDisabled(holds(disabled, false)));
    return setting.settingEl;
  };

  const drawGroup = (definition: Group): void => {
    const group = new SettingGroup(containerEl);
    if (definition.heading) group.setHeading(definition.heading);
    if (definition.cls) group.addClass(...definition.cls.split(' ').filter(Boolean));
    for (const button of definition.extraButtons ?? []) group.addExtraButton(button as never);
    const rows = (definition.items ?? []).map((item, index) => {
      const el = isPage(item) ? drawPage(item, group) : drawRow(item, group, index);
      checks.push(() => el.toggle(holds(item.visible, true)));
      if (definition.onDelete) deleteButton(el, () => definition.onDelete?.(index));
      return { el, item };
    });
    if (rows.length === 0 && definition.emptyState)
      group.listEl.createDiv('setting-empty-state').setText(definition.emptyState);
    const { search, addItem } = definition;
    if (search) {
      group.addSearch((input) =>
        input.setPlaceholder(search.placeholder ?? '').onChange((query) => {
          for (const { el, item } of rows) if (!isPage(item)) el.toggle(search.match(item, query));
        }),
      );
    }
    if (addItem)
      group.addExtraButton((button) =>
        button
          .setIcon('plus')
          .setTooltip(addItem.name)
          .onClick(() => addItem.action(button.extraSettingsEl)),
      );
    checks.push(() => group.groupEl__.toggle(holds(definition.visible, true)));
  };

  const loose = (item: Item): item is Row | Page => !isGroup(item);
  for (let at = 0; at < items.length;) {
    const item = items[at] as Item;
    if (isGroup(item)) {
      drawGroup(item);
      at += 1;
      continue;
    }
    let end = at;
    while (end < items.length && loose(items[end] as Item)) end += 1;
    drawGroup({ type: 'group', items: items.slice(at, end).filter(loose) });
    at = end;
  }
  refresh();
  return { refresh, close: () => cleanups.splice(0).forEach((cleanup) => cleanup()) };
}

function deleteButton(el: HTMLElement, remove: () => void): void {
  const button = el.createEl('button', { cls: 'setting-delete', attr: { 'aria-label': 'Delete' }, text: '×' });
  button.addEventListener('click', (event) => {
    event.stopPropagation();
    remove();
  });
}
