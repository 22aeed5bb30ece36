/** The reading view: sections whose text did not change keep their DOM and their components. */
import { Component } from './component.ts';
import type { MarkdownView } from './markdown-view.ts';
import { readProperties } from './frontmatter.ts';
import { toBlocks, type Block } from './markdown.ts';
import { followLinks, MarkdownRenderer, renderBlock } from './renderer.ts';

interface Section {
  block: Block;
  readonly el: HTMLElement;
  readonly component: Component;
}

export class MarkdownPreviewView extends MarkdownRenderer {
  view__: MarkdownView;
  sizer__: HTMLElement;
  text__ = '';
  path__ = '';
  sections__: Section[] = [];
  classes__: string[] = [];

  constructor(view: MarkdownView, containerEl: HTMLElement) {
    super(view.app, containerEl);
    this.view__ = view;
    this.sizer__ = containerEl.createDiv('markdown-preview-view markdown-rendered').createDiv('markdown-preview-sizer');
    this.sizer__.addEventListener('click', (event) => {
      const box = event.target;
      if (box instanceof HTMLInputElement && box.hasClass('task-list-item-checkbox')) this.toggle__(box);
    });
    followLinks(this.app, this.sizer__, '');
  }

  get file(): unknown {
    return this.view__.file;
  }

  get(): string {
    return this.text__;
  }

  getScroll(): number {
    return this.view__.scroller__.scrollTop;
  }

  applyScroll(scroll: number): void {
    this.view__.scroller__.scrollTop = scroll;
  }

  override onunload(): void {
    this.clear();
  }

  clear(): void {
    for (const section of this.sections__.splice(0)) drop(section);
    this.text__ = '';
  }

  rerender(full = false): void {
    if (full) this.clear();
    this.set(this.view__.getViewData(), true);
  }

  set(text: string, clear: boolean): void {
    const path = this.view__.file?.path ?? '';
    if (path !== this.path__) this.clear();
    if (!clear && text === this.text__ && path === this.path__) return;
    this.text__ = text;
    this.path__ = path;
    this.dress__();
    const old = new Map<string, Section[]>();
    for (const section of this.sections__)
      old.set(section.block.source, [...(old.get(section.block.source) ?? []), section]);
    this.sections__ = toBlocks(text).map((block) => {
      const kept = old.get(block.source)?.shift();
      if (!kept) return this.render__(block);
      kept.block = block;
      return kept;
    });
    for (const gone of [...old.values()].flat()) drop(gone);
    this.sizer__.setChildrenInPlace(this.sections__.map((section) => section.el));
  }

  /** `cssclasses` of the note. */
  dress__(): void {
    const view = this.sizer__.parentElement!;
    view.removeClasses(this.classes__);
    this.classes__ = classesIn(this.text__);
    view.addClasses(this.classes__);
  }

  render__(block: Block): Section {
    const section = { block, el: createDiv(), component: new Component() };
    section.component.load();
    const el = renderBlock(this.app, block, {
      sourcePath: this.path__,
      component: section.component,
      text: this.text__,
      sectionInfo: () => ({ text: this.text__, lineStart: section.block.lineStart, lineEnd: section.block.lineEnd }),
    });
    return Object.assign(section, { el });
  }

  /** Like the app: the click changes the text of the view, not the editor's document by a user's transaction. */
  toggle__(box: HTMLInputElement): void {
    const section = this.sections__.find(({ el }) => el.contains(box));
    if (!section || box.disabled) return;
    const line = section.block.lineStart + Number(box.dataset['line']);
    const lines = this.view__.getViewData().split('\n');
    lines[line] = (lines[line] ?? '').replace(/\[(.)\]/, (_, mark: string) => (mark === ' ' ? '[x]' : '[ ]'));
    this.view__.edit__(lines.join('\n'));
  }
}

function classesIn(text: string): string[] {
  try {
    const { cssclasses = [] } = readProperties(text) ?? {};
    return [cssclasses].flat().filter((name): name is string => typeof name === 'string');
  } catch {
    return [];
  }
}

function drop(section: Section): void {
  section.component.unload();
  section.el.remove();
}
