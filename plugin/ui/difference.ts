/** What somebody changed in a sealed note: the sealed line above the changed one, told by words as well as by colour. */
import { Modal, type App } from 'obsidian';
import type { Line, Passage } from '../audit/difference.ts';
import { auditWords } from '../words/index.ts';

const WORDS: Readonly<Record<Line['kind'], string>> = {
  same: '',
  removed: auditWords.sealed,
  added: auditWords.changed,
};

export class DifferenceModal extends Modal {
  private readonly copy: string;
  private readonly passages: readonly Passage[];

  constructor(app: App, copy: string, passages: readonly Passage[]) {
    super(app);
    this.copy = copy;
    this.passages = passages;
  }

  override onOpen(): void {
    const { contentEl: el } = this;
    this.setTitle(auditWords.whatChanged);
    el.addClass('operary-difference');
    el.createDiv({
      cls: 'operary-form-about',
      text: auditWords.keptIn(this.copy),
    });
    if (!this.passages.length) el.createDiv({ text: auditWords.same });
    for (const { line, lines } of this.passages) {
      el.createDiv({ cls: 'operary-group', text: auditWords.line(line) });
      for (const one of lines) drawLine(el, one);
    }
  }

  override onClose(): void {
    this.contentEl.empty();
  }
}

function drawLine(parent: HTMLElement, { kind, parts }: Line): void {
  const row = parent.createDiv({ cls: ['operary-line', `operary-line-${kind}`] });
  if (WORDS[kind]) row.createSpan({ cls: 'operary-line-word', text: WORDS[kind] });
  const text = row.createDiv({ attr: { dir: 'auto' } });
  const tag = kind === 'removed' ? 'del' : 'ins';
  for (const part of parts)
    if (part.isOnly) text.createEl(tag, { text: part.text });
    else text.appendText(part.text);
}
