/** Modals and confirmations: real elements that a test can press. */
import type { App } from './app.ts';
import { ButtonComponent } from './controls.ts';
import { Scope } from './scope.ts';
import { setIcon } from './icons.ts';

export class Modal {
  app: App;
  scope: Scope;
  containerEl: HTMLElement;
  modalEl: HTMLElement;
  titleEl: HTMLElement;
  contentEl: HTMLElement;
  shouldRestoreSelection = true;
  closed__: (() => unknown) | null = null;
  isOpen__ = false;

  constructor(app: App) {
    this.app = app;
    this.scope = new Scope(app.scope);
    this.scope.register([], 'Escape', () => this.close());
    this.containerEl = createDiv('modal-container mod-dim');
    const background = this.containerEl.createDiv('modal-bg');
    background.addEventListener('click', () => this.close());
    this.modalEl = this.containerEl.createDiv('modal');
    const close = this.modalEl.createDiv({ cls: 'modal-close-button', attr: { 'aria-label': 'Close' } });
    setIcon(close, 'x');
    close.addEventListener('click', () => this.close());
    this.titleEl = this.modalEl.createDiv('modal-header').createDiv('modal-title');
    this.contentEl = this.modalEl.createDiv('modal-content');
  }

  open(): void {
    if (this.isOpen__) return;
    this.isOpen__ = true;
    document.body.append(this.containerEl);
    this.app.keymap.pushScope(this.scope);
    void this.onOpen();
    const first = this.modalEl.querySelector<HTMLElement>(
      '.modal-content input, .modal-content textarea, .modal-content select, button',
    );
    (document.activeElement && this.modalEl.contains(document.activeElement) ? null : first)?.focus();
  }

  close(): void {
    if (!this.isOpen__) return;
    this.isOpen__ = false;
    this.containerEl.remove();
    this.app.keymap.popScope(this.scope);
    this.onClose();
    this.closed__?.();
  }

  onOpen(): unknown {
    return undefined;
  }

  onClose(): void {}

  setTitle(title: string): this {
    this.titleEl.setText(title);
    return this;
  }

  setContent(content: string | DocumentFragment): this {
    this.contentEl.setText(content);
    return this;
  }

  setCloseCallback(callback: () => unknown): this {
    this.closed__ = callback;
    return this;
  }
}

export class ConfirmationButton extends ButtonComponent {
  modal__: Modal | null = null;

  override onClick(handler: (event: MouseEvent) => unknown): this {
    return super.onClick(async (event) => {
      // Closes unless the handler says no, or throws.
      if ((await handler(event)) !== false) this.modal__?.close();
    });
  }

  setInitialFocus(): this {
    queueMicrotask(() => this.buttonEl.focus());
    return this;
  }

  setSecondary(): this {
    this.buttonEl.removeClass('mod-cta');
    return this;
  }

  setCancel(): this {
    this.buttonEl.addClass('mod-cancel');
    return this;
  }
}

export class ConfirmationModal extends Modal {
  buttonContainerEl: HTMLElement;

  constructor(app: App) {
    super(app);
    this.modalEl.addClass('mod-confirmation');
    this.buttonContainerEl = this.modalEl.createDiv('modal-button-container');
  }

  addClass(cls: string): this {
    this.modalEl.addClass(cls);
    return this;
  }

  addCheckbox(label: string, callback: (value: boolean) => unknown): this {
    const row = createEl('label', { cls: 'mod-checkbox' });
    const box = row.createEl('input', { type: 'checkbox' });
    row.appendText(label);
    box.addEventListener('change', () => void callback(box.checked));
    this.buttonContainerEl.before(row);
    return this;
  }

  addButton(callback: (button: ConfirmationButton) => unknown): this {
    const button = new ConfirmationButton(this.buttonContainerEl);
    button.modal__ = this;
    callback(button);
    return this;
  }

  addCancelButton(text = 'Cancel'): this {
    return this.addButton((button) =>
      button
        .setButtonText(text)
        .setCancel()
        .onClick(() => undefined),
    );
  }
}
