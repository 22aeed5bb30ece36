/** A command's form: fields from its zod input, filled in advance where the open note says what it is about. */
import { Modal, Setting, type App } from 'obsidian';
import type { CommandEntry } from '../../shared/kernel/register.ts';
import { inputOf, fieldsOf, type Field } from '../fields.ts';
import type { Host } from '../host.ts';
import type { Fields } from '../asking.ts';
import { CONTROLS } from './controls.ts';
import { nameControls } from './naming.ts';

/** What the server says about an attempt: `undefined` closes the form. */
export type Attempt = (
  input: Fields,
) => Promise<
  | { readonly detail: string; readonly fields: readonly { readonly field: string; readonly problem: string }[] }
  | undefined
>;

export interface FormOrder {
  readonly entry: CommandEntry;
  readonly about: string;
  readonly filled: Fields;
  readonly attempt: Attempt;
  readonly closed?: () => void;
  /** Sentences to read before deciding, as they are now. */
  readonly remarks?: () => Promise<readonly string[]>;
}

type Values = Record<string, unknown>;

/** What is worth asking even of somebody in a hurry. */
const isBrief = ({ isRequired, kind }: Field): boolean => isRequired || kind === 'files';

export class FormModal extends Modal {
  private readonly host: Host;
  private readonly order: FormOrder;
  private readonly values: Values;
  private remarks!: HTMLElement;
  private reason: Setting | undefined;
  /** The last look at the remarks; whether they are to be answered. */
  private looked: Promise<boolean> = Promise.resolve(false);

  constructor(app: App, host: Host, order: FormOrder) {
    super(app);
    this.host = host;
    this.order = order;
    this.values = { ...order.filled };
  }

  override onOpen(): void {
    const { entry, about } = this.order;
    this.modalEl.addClass('operary-form');
    this.setTitle(entry.word.title);
    if (about) this.contentEl.createDiv({ cls: 'operary-form-about', text: about });
    this.remarks = this.contentEl.createEl('ul', { cls: 'operary-remarks' });
    const form = this.contentEl.createDiv();
    const more = entry.word.brief === undefined ? undefined : createEl('details', { cls: 'operary-further' });
    more?.createEl('summary', { text: 'More' });
    for (const field of fieldsOf(entry.word.input, this.host.register))
      this.addField(more && !isBrief(field) ? more : form, field, this.values);
    if (more) form.append(more);
    const problem = this.contentEl.createDiv({ cls: 'operary-problem', attr: { role: 'alert' } });
    problem.hide();
    this.looked = this.look();
    new Setting(this.contentEl)
      .addButton((button) => button.setButtonText('Cancel').onClick(() => this.close()))
      .addButton((button) =>
        button
          .setButtonText(entry.word.title)
          .setCta()
          .onClick(async () => {
            button.setDisabled(true);
            const refused = (await this.lacksReason()) ? 'unanswered' : await this.order.attempt(this.input());
            button.setDisabled(false);
            if (refused === 'unanswered') return;
            if (!refused) return this.close();
            this.looked = this.look();
            const fields = refused.fields.map(({ field, problem: what }) => `${field.replace(/^\//, '')}: ${what}`);
            problem.setText([refused.detail, ...fields.filter((line) => !refused.detail.includes(line))].join('\n'));
            problem.show();
          }),
      );
  }

  override onClose(): void {
    this.contentEl.empty();
    this.order.closed?.();
  }

  /** Shows what there is to remark now, and asks for a reason where it is to be answered with one. */
  private async look(): Promise<boolean> {
    const { entry, remarks = () => Promise.resolve([]) } = this.order;
    this.remarks.toggle(this.remarks.childElementCount > 0);
    const sentences = await remarks();
    this.remarks.empty();
    for (const sentence of sentences) this.remarks.createEl('li', { text: sentence });
    this.remarks.toggle(sentences.length > 0);
    const because = sentences.length ? entry.word.answered : undefined;
    if (because !== undefined) this.reason?.setName('Reason').setDesc(because);
    return because !== undefined;
  }

  private async lacksReason(): Promise<boolean> {
    const isLacking = (await this.looked) && inputOf(this.values)['reason'] === undefined;
    this.reason?.setErrorMessage(isLacking ? 'Say why it is done nevertheless.' : null);
    const control = this.reason?.controlEl.querySelector<HTMLElement>('input, textarea');
    control?.setAttribute('aria-invalid', String(isLacking));
    if (isLacking) control?.focus();
    return isLacking;
  }

  private input(): Fields {
    const { shape } = this.order.entry.word.input;
    return Object.fromEntries(Object.entries(inputOf(this.values)).filter(([key]) => key in shape));
  }

  private addField(parent: HTMLElement, field: Field, values: Values): void {
    if (field.kind === 'rows') return this.addRows(parent, field, values);
    const setting = new Setting(parent).setName(
      field.isRequired || field.initial !== undefined ? field.label : `${field.label} (optional)`,
    );
    // An area is chosen from those that there are.
    if (field.help && field.kind !== 'area') setting.setDesc(field.help);
    const start = values[field.key] ?? field.initial;
    if (start !== undefined) values[field.key] = start;
    const put = (value: unknown): void => {
      values[field.key] = value;
    };
    CONTROLS[field.kind](setting, { field: field as never, host: this.host, app: this.app, start, put });
    if (field.kind === 'lines') setting.settingEl.addClass('operary-wide-field');
    nameControls(setting);
    if (field.key === this.order.entry.word.brief) setting.controlEl.querySelector('textarea')?.focus();
    if (values === this.values && field.key === 'reason') this.reason = setting;
  }

  private addRows(parent: HTMLElement, field: Extract<Field, { kind: 'rows' }>, values: Values): void {
    const rows = [...((values[field.key] ?? field.initial ?? []) as Values[])].map((row) => ({ ...row }));
    const box = parent.createDiv({ cls: 'operary-rows' });
    const draw = (): void => {
      values[field.key] = rows;
      box.empty();
      const head = new Setting(box).setName(field.label).setHeading();
      if (field.help) head.setDesc(field.help);
      head.addExtraButton((button) =>
        button
          .setIcon('plus')
          .setTooltip(`Add to ${field.label.toLowerCase()}`)
          .onClick(() => {
            rows.push({});
            draw();
          }),
      );
      rows.forEach((row, i) => {
        const rowEl = box.createDiv({ cls: 'operary-row' });
        for (const inner of field.fields) this.addField(rowEl, inner, row);
        new Setting(rowEl).addButton((button) =>
          button.setButtonText('Remove').onClick(() => {
            rows.splice(i, 1);
            draw();
          }),
        );
      });
    };
    draw();
  }
}
