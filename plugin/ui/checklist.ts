/** A verification as a checklist, and what came before as a trail: both to be read, neither to be changed. */
import { Modal, setIcon, type App } from 'obsidian';
import type { Verification } from '../../shared/proof/verify.ts';

const VERDICT: Readonly<Record<Verification['verdict'], string>> = {
  valid: 'Valid: every check holds.',
  warnings:
    'Valid in itself. Enter your organisation’s fingerprint in the settings, from a source of its own, to trust it fully.',
  invalid: 'Not valid: this is not what was sealed.',
  'cannot-judge': 'This cannot be judged here.',
};
const ICON = new Map<Verification['checks'][number]['ok'], string>([
  [true, 'check'],
  ['warn', 'alert-triangle'],
  [false, 'x'],
]);

export class ChecklistModal extends Modal {
  private readonly verification: Verification;

  constructor(app: App, verification: Verification) {
    super(app);
    this.verification = verification;
  }

  override onOpen(): void {
    const { verdict, checks, seal } = this.verification;
    this.setTitle('Verify seal');
    this.contentEl.addClass('operary-checklist');
    this.contentEl.createDiv({ cls: ['operary-verdict', `operary-${verdict}`], text: VERDICT[verdict] });
    if (seal) this.contentEl.createDiv({ cls: 'operary-form-about', text: seal.record });
    for (const { name, ok, detail } of checks) {
      const row = this.contentEl.createDiv({ cls: ['operary-check', `operary-check-${String(ok)}`] });
      setIcon(row.createSpan({ cls: 'operary-check-icon' }), ICON.get(ok) ?? 'x');
      const text = row.createDiv();
      text.createDiv({ cls: 'operary-check-name', text: name });
      text.createDiv({ cls: 'operary-check-detail', text: detail });
    }
  }

  override onClose(): void {
    this.contentEl.empty();
  }
}
