/** Where the evidence lies now, and how anybody checks it without us. */
import { Modal, type App } from 'obsidian';

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
    this.setTitle('Evidence exported');
    el.addClass('operary-exported');
    el.createDiv({ cls: 'operary-verdict operary-valid', text: `Saved as ${path}`, attr: { role: 'status' } });
    el.createDiv({ cls: 'operary-check-detail', text: `SHA-256 of the file: ${sha256}` });
    const lines = (about: string, text: readonly string[]): void => {
      el.createEl('p', { text: about });
      el.createEl('pre', { text: text.join('\n'), attr: { tabindex: '0', 'aria-label': about } });
    };
    lines('Anybody can check it, without network. With Operary:', zip);
    lines('Without Operary, in the unpacked folder; its README.txt says what to expect:', folder);
    const copy = el.createDiv({ cls: 'operary-actions' }).createEl('button', { text: 'Copy these lines' });
    copy.onclick = () =>
      void navigator.clipboard.writeText([...zip, ...folder].join('\n')).then(
        () => copy.setText('Copied'),
        () => copy.setText('It cannot be copied here'),
      );
  }

  override onClose(): void {
    this.contentEl.empty();
  }
}
