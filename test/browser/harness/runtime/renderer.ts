/** From blocks to DOM: sanitised HTML, callouts, then code-block processors and post-processors with their components. */
import type { App } from './app.ts';
import { Component, MarkdownRenderChild } from './component.ts';
import { sanitizeHTMLToDom } from './functions.ts';
import { readProperties } from './frontmatter.ts';
import { setIcon } from './icons.ts';
import { toBlocks, type Block } from './markdown.ts';

export interface SectionInfo {
  text: string;
  lineStart: number;
  lineEnd: number;
}

export interface Context {
  docId: string;
  sourcePath: string;
  frontmatter: unknown;
  addChild(child: MarkdownRenderChild): void;
  getSectionInfo(el: HTMLElement): SectionInfo | null;
}

export type PostProcessor = ((el: HTMLElement, ctx: Context) => unknown) & { sortOrder?: number };
export type CodeBlockProcessor = (source: string, el: HTMLElement, ctx: Context) => unknown;

interface Place {
  readonly sourcePath: string;
  readonly component: Component;
  readonly text?: string;
  readonly sectionInfo?: () => SectionInfo | null;
}

function contextFor(place: Place): Context {
  let frontmatter: unknown = null;
  try {
    frontmatter = readProperties(place.text ?? '');
  } catch {
    // Broken YAML reads as none, as in the app.
  }
  return {
    docId: `doc-${place.sourcePath}`,
    sourcePath: place.sourcePath,
    frontmatter,
    addChild: (child) => void place.component.addChild(child),
    getSectionInfo: () => place.sectionInfo?.() ?? null,
  };
}

export function renderBlock(app: App, block: Block, place: Place): HTMLElement {
  const el = createDiv(`el-${block.tag}`);
  el.append(sanitizeHTMLToDom(block.html));
  for (const quote of el.querySelectorAll('blockquote')) becomeCallout(quote);
  for (const code of el.querySelectorAll<HTMLElement>('pre > code[class^="language-"]')) {
    const language = code.className.replace(/^language-/, '');
    if (!app.plugins__.codeBlocks.has(language)) continue;
    const box = createDiv();
    code.parentElement?.replaceWith(box);
    runCodeBlock(app, language, (code.textContent ?? '').replace(/\n$/, ''), box, place);
  }
  const context = contextFor(place);
  for (const process of app.plugins__.postProcessors) guarded(el, () => process(el, context));
  return el;
}

export function runCodeBlock(app: App, language: string, source: string, el: HTMLElement, place: Place): void {
  const processor = app.plugins__.codeBlocks.get(language);
  el.addClass(`block-language-${language}`);
  if (processor) guarded(el, () => processor(source, el, contextFor(place)));
}

function guarded(el: HTMLElement, work: () => unknown): void {
  const show = (error: unknown) => {
    console.error(error);
    el.createEl('pre', { cls: 'render-error', text: String(error) });
  };
  try {
    void Promise.resolve(work()).catch(show);
  } catch (error) {
    show(error);
  }
}

const calloutIcons: Record<string, string> = {
  info: 'info',
  note: 'pencil',
  warning: 'alert-triangle',
  danger: 'zap',
  error: 'zap',
  success: 'check',
  tip: 'flame',
  question: 'help-circle',
  quote: 'quote',
  todo: 'check-circle-2',
  abstract: 'clipboard-list',
  failure: 'x',
  bug: 'bug',
  example: 'list',
};

function becomeCallout(quote: Element): void {
  const first = quote.querySelector(':scope > p');
  const head = first?.firstChild;
  const match =
    head?.nodeType === Node.TEXT_NODE ? /^\[!([\w-]+)\]([+-]?)[ \t]*([^\n]*)/.exec(head.textContent ?? '') : null;
  if (!match || !first || !head) return;
  const type = (match[1] as string).toLowerCase();
  const callout = createDiv({
    cls: 'callout',
    attr: { 'data-callout': type, 'data-callout-fold': match[2] as string },
  });
  const title = callout.createDiv('callout-title');
  setIcon(title.createDiv('callout-icon'), calloutIcons[type] ?? 'pencil');
  const inner = title.createDiv('callout-title-inner');
  head.textContent = (head.textContent ?? '').slice(match[0].length).replace(/^\n/, '');
  if (match[3]) inner.appendText(match[3]);
  // The rest of the first line is the title, links and all.
  while (match[3] && head.textContent === '' && head.nextSibling && head.nextSibling.nodeName !== 'BR')
    inner.append(head.nextSibling);
  if (!match[3]) inner.setText(type.charAt(0).toUpperCase() + type.slice(1));
  if (head.nextSibling?.nodeName === 'BR' && head.textContent === '') head.nextSibling.remove();
  if ((first.textContent ?? '').trim() === '' && first.children.length === 0) first.remove();
  const content = createDiv('callout-content');
  content.append(...quote.childNodes);
  if ((content.textContent ?? '').trim() !== '' || content.querySelector('*')) callout.append(content);
  quote.replaceWith(callout);
}

export class MarkdownRenderer extends MarkdownRenderChild {
  app: App;
  hoverPopover: unknown = null;

  constructor(app: App, containerEl: HTMLElement) {
    super(containerEl);
    this.app = app;
  }

  static async render(
    app: App,
    markdown: string,
    el: HTMLElement,
    sourcePath: string,
    component: Component,
  ): Promise<void> {
    const blocks = toBlocks(markdown).map((block) =>
      renderBlock(app, block, { sourcePath, component, text: markdown }),
    );
    el.append(...blocks.flatMap((block) => [...block.childNodes]));
    followLinks(app, el, sourcePath);
  }

  static async renderMarkdown(
    markdown: string,
    el: HTMLElement,
    sourcePath: string,
    component: Component,
  ): Promise<void> {
    await MarkdownRenderer.render((globalThis as unknown as { app: App }).app, markdown, el, sourcePath, component);
  }
}

export function followLinks(app: App, el: HTMLElement, sourcePath: string): void {
  el.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || event.defaultPrevented) return;
    event.preventDefault();
    if (link.hasClass('internal-link')) {
      void app.workspace.openLinkText(link.getAttribute('data-href') ?? '', sourcePath, event.ctrlKey || event.metaKey);
    }
  });
}

/** Static registry of the typings; the app's own is where plugins register. */
export class MarkdownPreviewRenderer {
  static registerPostProcessor(processor: PostProcessor, sortOrder = 0): void {
    (globalThis as unknown as { app: App }).app.plugins__.addPostProcessor(processor, sortOrder);
  }

  static unregisterPostProcessor(processor: PostProcessor): void {
    (globalThis as unknown as { app: App }).app.plugins__.postProcessors.remove(processor);
  }

  static createCodeBlockPostProcessor(language: string, handler: CodeBlockProcessor): PostProcessor {
    return (el, ctx) => {
      for (const code of el.querySelectorAll<HTMLElement>(`pre > code.language-${language}`)) {
        const box = createDiv(`block-language-${language}`);
        code.parentElement?.replaceWith(box);
        void handler(code.textContent ?? '', box, ctx);
      }
    };
  }
}
