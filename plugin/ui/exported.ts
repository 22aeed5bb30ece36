/** Where the evidence lies now, and how anybody checks it without us. */
import { Modal, type App } from 'obsidian';
import { auditWords } from '../words/index.ts';

export interface Exported {
  readonly path: string;
  readonly sha256: string;
  /** Command lines: for the zip, and for the folder in it. */
  readonly zip: readonly string[];
  readonly folder: readonly string[];
}

export class ExportedModal extends Modal {
  private readonly exported: Exported;

  constructor(app: App, exported: Exported) {
    super(app);
    this.exported = exported;
  }

  override onOpen(): void {
    const { contentEl: el } = this;
    const { path, sha256, zip, folder } = this.exported;
    this.setTitle(auditWords.exported);
    el.addClass('operary-exported');
    el.createDiv({ cls: 'operary-verdict operary-valid', text: auditWords.savedAs(path), attr: { role: 'status' } });
    el.createDiv({ cls: 'operary-check-detail', text: auditWords.hashOfFile(sha256) });
    const lines = (about: string, text: readonly string[]): void => {
      el.createEl('p', { text: about });
      el.createEl('pre', { text: text.join('\n'), attr: { tabindex: '0', 'aria-label': about } });
    };
    lines(auditWords.withOperary, zip);
    lines(auditWords.withoutOperary, folder);
    const copy = el.createDiv({ cls: 'operary-actions' }).createEl('button', { text: auditWords.copyLines });
    copy.onclick = () =>
      void navigator.clipboard.writeText([...zip, ...folder].join('\n')).then(
        () => copy.setText(auditWords.copied),
        () => copy.setText(auditWords.cannotCopy),
      );
  }

  override onClose(): void {
    this.contentEl.empty();
  }
}
