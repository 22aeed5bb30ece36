/** The properties panel above a note. It edits through the view's own saveFrontmatter, which no editor filter sees. */
import { readProperties, type Properties } from './frontmatter.ts';
import { setIcon } from './icons.ts';
import type { MarkdownView } from './markdown-view.ts';

const iconFor = (key: string, value: unknown): string => {
  if (key === 'tags') return 'tags';
  if (key === 'aliases') return 'forward';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return 'binary';
  if (typeof value === 'boolean') return 'check-square';
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return 'clock';
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return 'calendar';
  return 'align-left';
};

export class PropertiesPanel {
  readonly el: HTMLElement;
  private readonly view: MarkdownView;
  private shown = '';

  constructor(view: MarkdownView, el: HTMLElement) {
    this.view = view;
    this.el = el;
  }

  show(text: string, visible: boolean): void {
    const properties = visible ? safely(text) : null;
    const key = JSON.stringify(properties);
    if (key === this.shown) return;
    this.shown = key;
    this.el.empty();
    this.el.toggle(properties !== null);
    if (properties === null) return;
    if (properties === 'broken') return void this.el.createDiv({ cls: 'metadata-error', text: 'Invalid properties' });
    this.el.createDiv({ cls: 'metadata-properties-heading', text: 'Properties' });
    const list = this.el.createDiv('metadata-properties');
    for (const [name, value] of Object.entries(properties)) this.row(list, name, value);
  }

  private row(list: HTMLElement, name: string, value: unknown): void {
    const row = list.createDiv({ cls: 'metadata-property', attr: { 'data-property-key': name } });
    const key = row.createDiv('metadata-property-key');
    setIcon(key.createSpan('metadata-property-icon'), iconFor(name, value));
    key.createSpan({ cls: 'metadata-property-key-label', text: name });
    const cell = row.createDiv('metadata-property-value');
    if (Array.isArray(value)) {
      for (const item of value) cell.createSpan({ cls: 'multi-select-pill', text: shownText(item) });
    } else if (typeof value === 'boolean') {
      const box = cell.createEl('input', { type: 'checkbox' });
      box.checked = value;
      box.addEventListener('change', () => this.save(name, box.checked));
    } else if (typeof value === 'string' && /^\[\[.*\]\]$/.test(value)) {
      const link = cell.createEl('a', { cls: 'internal-link', text: shownText(value) });
      link.addEventListener(
        'click',
        () => void this.view.app.workspace.openLinkText(linkTarget(value), this.view.file?.path ?? ''),
      );
    } else {
      const input = cell.createEl('input', { type: 'text', cls: 'metadata-input-longtext', value: shownText(value) });
      input.addEventListener('change', () =>
        this.save(name, typeof value === 'number' ? Number(input.value) : input.value),
      );
    }
  }

  private save(name: string, value: unknown): void {
    this.view.saveFrontmatter__((properties: Properties) => void (properties[name] = value));
  }
}

function safely(text: string): Properties | 'broken' | null {
  try {
    return readProperties(text);
  } catch {
    return 'broken';
  }
}

const shownText = (value: unknown): string =>
  value === null || value === undefined ? '' : String(value).replace(/^\[\[(?:.*\|)?(.*)\]\]$/, '$1');

const linkTarget = (value: string): string => value.slice(2, -2).replace(/\|.*$/, '');
