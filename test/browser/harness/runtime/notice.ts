/** Notices: shown, and remembered. */

/** Every notice of this page's life, for tests that come too late to see it. */
export const noticesSoFar: string[] = [];

export class Notice {
  noticeEl: HTMLElement;
  containerEl: HTMLElement;
  messageEl: HTMLElement;

  constructor(message: string | DocumentFragment, duration = 5000) {
    const tray =
      document.body.querySelector<HTMLElement>('.notice-container') ?? document.body.createDiv('notice-container');
    this.containerEl = this.noticeEl = tray.createDiv('notice');
    this.messageEl = this.noticeEl.createDiv('notice-message');
    this.setMessage(message);
    this.noticeEl.addEventListener('click', () => this.hide());
    if (duration > 0) window.setTimeout(() => this.hide(), duration);
  }

  setMessage(message: string | DocumentFragment): this {
    this.messageEl.setText(message);
    noticesSoFar.push(this.messageEl.textContent ?? '');
    return this;
  }

  hide(): void {
    this.noticeEl.remove();
  }
}
