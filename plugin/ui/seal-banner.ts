/** Above a sealed note, while it is read: who sealed it, what came later, and what the last verification here came to. */
import { MarkdownRenderChild, type Plugin } from 'obsidian';
import { auditWords } from '../words/index.ts';
import { say } from './say.ts';

export interface BannerText {
  readonly sealed: string;
  /** What came after, and the note that tells it. */
  readonly late: string;
  readonly lateNote: string | undefined;
  readonly verdict: string;
}

/** Answers how to draw all that are seen just now once more. */
export function showBanners(plugin: Plugin, textOf: (path: string) => BannerText | undefined): () => void {
  const seen = new Set<Banner>();
  plugin.registerMarkdownPostProcessor((element, context) => {
    const callout = element.querySelector('.callout');
    const section = callout && textOf(context.sourcePath) ? context.getSectionInfo(element) : null;
    // The first callout is the note's own head; the report may hold others.
    if (!section || /^> \[!/m.test(section.text.split('\n').slice(0, section.lineStart).join('\n'))) return;
    const box = createDiv({ cls: 'operary-banner', attr: { role: 'note', 'aria-label': auditWords.seal } });
    callout!.before(box);
    context.addChild(new Banner(box, plugin, seen, () => textOf(context.sourcePath), context.sourcePath));
  });
  return () => seen.forEach((banner) => banner.draw());
}

class Banner extends MarkdownRenderChild {
  private readonly plugin: Plugin;
  private readonly seen: Set<Banner>;
  private readonly text: () => BannerText | undefined;
  private readonly path: string;

  constructor(box: HTMLElement, plugin: Plugin, seen: Set<Banner>, text: () => BannerText | undefined, path: string) {
    super(box);
    this.plugin = plugin;
    this.seen = seen;
    this.text = text;
    this.path = path;
  }

  override onload(): void {
    this.seen.add(this);
    this.draw();
  }

  override onunload(): void {
    this.seen.delete(this);
  }

  draw(): void {
    const { containerEl: el, plugin } = this;
    const text = this.text();
    if (!text) return;
    el.empty();
    say(el.createDiv({ cls: 'operary-banner-sealed' }), text.sealed);
    const late = say(el.createDiv(), text.late);
    const { lateNote } = text;
    if (lateNote !== undefined) {
      late.appendText(' ');
      const link = late.createEl('a', { cls: 'internal-link', text: auditWords.readOn, href: lateNote });
      link.onclick = (event) => {
        event.preventDefault();
        event.stopPropagation();
        void plugin.app.workspace.openLinkText(lateNote, this.path);
      };
    }
    el.createDiv({ cls: 'operary-check-detail', text: text.verdict });
  }
}
