/** "Disconnect": what stays, what waits, and one more look at it before. */
import { Modal, Setting, type App, type ButtonComponent } from 'obsidian';
import { WORDS } from '../connect/words.ts';

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
    this.setTitle('Disconnect from the plant?');
    this.modalEl.addClass('operary-form');
    if (why) el.createEl('p', { text: why });
    el.createEl('p', { text: WORDS.stays });
    let go: ButtonComponent | undefined;
    if (waiting) {
      el.createDiv({
        cls: 'operary-problem',
        text: `${WORDS.waits(waiting)} ${WORDS.waitsOn}`,
        attr: { role: 'alert' },
      });
      new Setting(el).setName('I have read this; disconnect all the same').addToggle((toggle) => {
        toggle.toggleEl.ariaLabel = 'I have read this; disconnect all the same';
        toggle.onChange((isRead) => void go?.setDisabled(!isRead));
      });
    }
    new Setting(el)
      .addButton((button) => button.setButtonText('Cancel').onClick(() => this.close()))
      .addButton((button) => {
        go = button
          .setButtonText('Disconnect')
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
