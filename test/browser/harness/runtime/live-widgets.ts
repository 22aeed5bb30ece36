/** What Live Preview draws in place of text: checkboxes, panels of code blocks, callouts and tables. */
import { EditorView, WidgetType } from '@codemirror/view';
import { Component } from './component.ts';
import type { MarkdownView } from './markdown-view.ts';
import { toBlocks } from './markdown.ts';
import { openTableCell } from './table-cell.ts';
import { renderBlock, runCodeBlock } from './renderer.ts';

// By element: an equal widget takes over the element of the one before it, and only the last is told of its end.
const lives = new WeakMap<HTMLElement, Component>();

function lifeOf(el: HTMLElement): Component {
  const life = lives.get(el) ?? new Component();
  if (!lives.has(el)) life.load();
  lives.set(el, life);
  return life;
}

export class Checkbox extends WidgetType {
  readonly mark: string;

  constructor(mark: string) {
    super();
    this.mark = mark;
  }

  override eq(other: Checkbox): boolean {
    return other.mark === this.mark;
  }

  override toDOM(view: EditorView): HTMLElement {
    const box = createEl('input', { cls: 'task-list-item-checkbox', type: 'checkbox' });
    box.checked = this.mark !== ' ';
    box.addEventListener('mousedown', (event) => event.preventDefault());
    box.addEventListener('click', (event) => {
      event.preventDefault();
      const at = view.posAtDOM(box) + 1;
      view.dispatch({
        changes: { from: at, to: at + 1, insert: this.mark === ' ' ? 'x' : ' ' },
        userEvent: 'input.toggle',
      });
    });
    return box;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

export class Panel extends WidgetType {
  readonly language: string;
  readonly source: string;
  readonly owner: () => MarkdownView;

  constructor(language: string, source: string, owner: () => MarkdownView) {
    super();
    this.language = language;
    this.source = source;
    this.owner = owner;
  }

  override eq(other: Panel): boolean {
    return other.language === this.language && other.source === this.source;
  }

  override toDOM(): HTMLElement {
    const el = createDiv('cm-preview-code-block cm-embed-block markdown-rendered');
    const { app, file } = this.owner();
    runCodeBlock(app, this.language, this.source, el, { sourcePath: file?.path ?? '', component: lifeOf(el) });
    return el;
  }

  override destroy(el: HTMLElement): void {
    lifeOf(el).unload();
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

export class RenderedBlock extends WidgetType {
  readonly source: string;
  readonly owner: () => MarkdownView;

  constructor(source: string, owner: () => MarkdownView) {
    super();
    this.source = source;
    this.owner = owner;
  }

  override eq(other: RenderedBlock): boolean {
    return other.source === this.source;
  }

  override toDOM(view: EditorView): HTMLElement {
    const el = createDiv('cm-embed-block markdown-rendered');
    const owner = this.owner();
    const place = { sourcePath: owner.file?.path ?? '', component: lifeOf(el) };
    el.append(...toBlocks(this.source).map((block) => renderBlock(owner.app, block, place)));
    el.addEventListener('click', (event) => {
      const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('td, th') : null;
      if (cell) openTableCell(owner, cell, view.posAtDOM(el));
    });
    return el;
  }

  override destroy(el: HTMLElement): void {
    lifeOf(el).unload();
  }

  override ignoreEvent(): boolean {
    return true;
  }
}
