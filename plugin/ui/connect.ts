/** "Connect to a plant": an address, a code, and in words what came of it. A link fills it in and asks once. */
import { Modal, Setting, type App, type TextComponent } from 'obsidian';
import { addressIn, givenIn, isOpen, unfolded, type Given, type Typed } from '../connect/given.ts';
import { commonWords, connectWords } from '../words/index.ts';

export interface ConnectOrder {
  readonly typed: Typed;
  /** Somebody followed a link; it is not known whose. */
  readonly isFromLink: boolean;
  readonly remarks: Promise<readonly string[]>;
  /** Why not, or `undefined` once it is connected. */
  readonly connect: (given: Given) => Promise<string | undefined>;
}

export class ConnectModal extends Modal {
  private readonly order: ConnectOrder;
  private typed: Typed;
  private fields: Readonly<Record<keyof Typed, TextComponent>> | undefined;
  private isAsking = false;

  constructor(app: App, order: ConnectOrder) {
    super(app);
    this.order = order;
    this.typed = unfolded(order.typed);
  }

  override onOpen(): void {
    const { contentEl: el, order } = this;
    this.setTitle(connectWords.title);
    this.modalEl.addClass('operary-form', 'operary-connect');
    const host = hostIn(this.typed.address);
    if (order.isFromLink && host) el.createDiv({ cls: 'operary-form-about', text: connectWords.asks(host) });
    const address = this.field('address', connectWords.address, 'https://operary.plant.example');
    address.inputEl.inputMode = 'url';
    const code = this.field('code', connectWords.code, connectWords.codeExample);
    code.inputEl.autocapitalize = 'characters';
    this.fields = { address, code };
    const remarks = el.createEl('ul', { cls: 'operary-remarks' });
    const open = remarks.createEl('li', { text: connectWords.open });
    const says: Said = {
      remarks,
      open,
      progress: el.createDiv({ cls: 'operary-form-about', attr: { role: 'status' } }),
      problem: el.createDiv({ cls: 'operary-problem', attr: { role: 'alert' } }),
    };
    says.problem.hide();
    void order.remarks.then((sentences) => {
      for (const text of sentences) remarks.createEl('li', { text });
      this.look(says);
    });
    const submit = (): void => void this.submit(says);
    new Setting(el)
      .addButton((button) => button.setButtonText(commonWords.cancel).onClick(() => this.close()))
      .addButton((button) => button.setButtonText(connectWords.connect).setCta().onClick(submit));
    for (const each of [address, code]) {
      each.onChange(() => this.look(says));
      each.inputEl.onkeydown = ({ key, isComposing }) => {
        if (key === 'Enter' && !isComposing) submit();
      };
    }
    this.look(says);
  }

  override onClose(): void {
    this.contentEl.empty();
  }

  private field(key: keyof Typed, name: string, placeholder: string): TextComponent {
    let field: TextComponent | undefined;
    const setting = new Setting(this.contentEl).setName(name).addText((text) => {
      field = text.setPlaceholder(placeholder).setValue(this.typed[key]);
      text.inputEl.ariaLabel = name;
      text.inputEl.autocomplete = 'off';
      text.inputEl.spellcheck = false;
    });
    setting.settingEl.addClass('operary-wide-field');
    return field!;
  }

  /** A link that was pasted is put where it belongs. */
  private look({ remarks, open, problem }: Said): void {
    const { address, code } = this.fields!;
    const typed = { address: address.getValue(), code: code.getValue() };
    this.typed = unfolded(typed);
    if (this.typed.address !== typed.address) address.setValue(this.typed.address);
    if (this.typed.code !== typed.code) code.setValue(this.typed.code);
    const url = addressIn(this.typed.address);
    open.toggle(url !== undefined && isOpen(url));
    remarks.toggle(open.isShown() || remarks.childElementCount > 1);
    problem.hide();
  }

  private async submit({ progress, problem }: Said): Promise<void> {
    if (this.isAsking) return;
    const given = givenIn(this.typed);
    let why: string | undefined;
    if (typeof given === 'string') {
      why = connectWords.lacks[given];
      this.fields?.[given.endsWith('code') ? 'code' : 'address'].inputEl.focus();
    } else {
      this.isAsking = true;
      problem.hide();
      progress.setText(connectWords.asking(new URL(given.url).host));
      why = await this.order.connect(given);
      progress.setText('');
      this.isAsking = false;
      if (why === undefined) return this.close();
    }
    problem.setText(why);
    problem.show();
  }
}

interface Said {
  readonly remarks: HTMLElement;
  readonly open: HTMLElement;
  readonly progress: HTMLElement;
  readonly problem: HTMLElement;
}

function hostIn(address: string): string {
  const url = addressIn(address);
  return url === undefined ? '' : new URL(url).host;
}
