/** "Disconnect": what stays, what waits, and one more look at it before. */
import { Modal, Setting, type App, type ButtonComponent } from 'obsidian';
import { commonWords, connectWords } from '../words/index.ts';

export interface DisconnectOrder {
  /** Why it is asked, where somebody wanted something else. */
  readonly why: string;
  /** How many entries, photos and texts the server does not have. */
  readonly waiting: number;
  readonly disconnect: () => void;
}

export class DisconnectModal extends Modal {
  private readonly order: DisconnectOrder;

  constructor(app: App, order: DisconnectOrder) {
    super(app);
    this.order = order;
  }

  override onOpen(): void {
    const { contentEl: el } = this;
    const { why, waiting, disconnect } = this.order;
    this.setTitle(connectWords.disconnectAsk);
    this.modalEl.addClass('operary-form');
    if (why) el.createEl('p', { text: why });
    el.createEl('p', { text: connectWords.stays });
    let go: ButtonComponent | undefined;
    if (waiting) {
      el.createDiv({
        cls: 'operary-problem',
        text: `${connectWords.waits(waiting)} ${connectWords.waitsOn}`,
        attr: { role: 'alert' },
      });
      new Setting(el).setName(connectWords.haveRead).addToggle((toggle) => {
        toggle.toggleEl.ariaLabel = connectWords.haveRead;
        toggle.onChange((isRead) => void go?.setDisabled(!isRead));
      });
    }
    new Setting(el)
      .addButton((button) => button.setButtonText(commonWords.cancel).onClick(() => this.close()))
      .addButton((button) => {
        go = button
          .setButtonText(connectWords.disconnect)
          .setDestructive()
          .setDisabled(waiting > 0)
          .onClick(() => {
            this.close();
            disconnect();
          });
      });
  }

  override onClose(): void {
    this.contentEl.empty();
  }
}
