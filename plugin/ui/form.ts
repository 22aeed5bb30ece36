/** A command's form: fields from its zod input, filled in advance where the open note says what it is about. */
import { Modal, Setting, type App } from 'obsidian';
import type { CommandEntry } from '../../shared/kernel/register.ts';
import { inputOf, fieldsOf, type Field } from '../fields.ts';
import type { Host } from '../host.ts';
import type { Fields } from '../asking.ts';
import type { Draft } from '../drafts.ts';
import { CONTROLS } from './controls.ts';
import { nameControls } from './naming.ts';
import { unfinished, type Unfinished } from './unfinished.ts';
import { commonWords, formWords } from '../words/index.ts';
import { say } from './say.ts';

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
  readonly draft?: Draft;
  /** Sentences to read before deciding, as they are now. */
  readonly remarks?: () => Promise<readonly string[]>;
}

type Values = Record<string, unknown>;

/** What is worth asking even of somebody in a hurry. */
const isBrief = ({ isRequired, kind }: Field): boolean => isRequired || kind === 'files';

export class FormModal extends Modal {
  private readonly host: Host;
  private readonly order: FormOrder;
  private values: Values;
  private fields!: HTMLElement;
  private readonly draft: Unfinished;
  /** Files that are not kept yet: an entry names none of them. */
  private readonly keeping = new Set<Promise<boolean>>();
  private remarks!: HTMLElement;
  private reason: Setting | undefined;
  /** The last look at the remarks; whether they are to be answered. */
  private looked: Promise<boolean> = Promise.resolve(false);

  constructor(app: App, host: Host, order: FormOrder) {
    super(app);
    this.host = host;
    this.order = order;
    this.values = { ...order.filled };
    this.draft = unfinished(order.draft, () => this.values);
  }

  override onOpen(): void {
    const { entry, about } = this.order;
    this.modalEl.addClass('operary-form');
    this.setTitle(entry.word.title);
    if (about) say(this.contentEl.createDiv({ cls: 'operary-form-about' }), about);
    if (entry.word.final !== undefined) this.contentEl.createDiv({ cls: 'operary-final', text: entry.word.final });
    this.draft.offer(this.contentEl, (left) => {
      this.values = { ...(left as Values) };
      this.drawFields();
      this.looked = this.look();
    });
    this.remarks = this.contentEl.createEl('ul', { cls: 'operary-remarks' });
    this.fields = this.contentEl.createDiv();
    this.drawFields();
    this.draft.begin(this.contentEl);
    const problem = this.contentEl.createDiv({ cls: 'operary-problem', attr: { role: 'alert' } });
    problem.hide();
    this.looked = this.look();
    new Setting(this.contentEl)
      .addButton((button) => button.setButtonText(commonWords.cancel).onClick(() => this.close()))
      .addButton((button) =>
        button
          .setButtonText(entry.word.title)
          .setCta()
          .onClick(async () => {
            button.setDisabled(true);
            const isUnanswered = !(await this.hasKept()) || (await this.lacksReason());
            const refused = isUnanswered ? 'unanswered' : await this.order.attempt(this.input());
            button.setDisabled(false);
            if (refused === 'unanswered') return;
            if (!refused) return this.finish();
            this.looked = this.look();
            const fields = refused.fields.map(({ field, problem: what }) => `${field.replace(/^\//, '')}: ${what}`);
            problem.setText([refused.detail, ...fields.filter((line) => !refused.detail.includes(line))].join('\n'));
            problem.show();
          }),
      );
  }

  override onClose(): void {
    this.draft.keep();
    this.contentEl.empty();
    this.order.closed?.();
  }

  private finish(): void {
    this.draft.done();
    this.close();
  }

  private drawFields(): void {
    const { word } = this.order.entry;
    const form = this.fields;
    form.empty();
    const more = word.brief === undefined ? undefined : createEl('details', { cls: 'operary-further' });
    more?.createEl('summary', { text: commonWords.more });
    for (const field of fieldsOf(word.input, this.host.register))
      this.addField(more && !isBrief(field) ? more : form, field, this.values);
    if (more) form.append(more);
  }

  /** Shows what there is to remark now, and asks for a reason where it is to be answered with one. */
  private async look(): Promise<boolean> {
    const { entry, remarks = () => Promise.resolve([]) } = this.order;
    this.remarks.toggle(this.remarks.childElementCount > 0);
    const sentences = await remarks();
    this.remarks.empty();
    for (const sentence of sentences) say(this.remarks.createEl('li'), sentence);
    this.remarks.toggle(sentences.length > 0);
    const because = sentences.length ? entry.word.answered : undefined;
    if (because !== undefined) this.reason?.setName(formWords.reason).setDesc(because);
    return because !== undefined;
  }

  /** What was chosen just before goes along; what could not be kept is told, and is somebody's to decide. */
  private async hasKept(): Promise<boolean> {
    return (await Promise.all(this.keeping)).every(Boolean);
  }

  private async lacksReason(): Promise<boolean> {
    const isLacking = (await this.looked) && inputOf(this.values)['reason'] === undefined;
    this.reason?.setErrorMessage(isLacking ? formWords.reasonHow : null);
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
      field.isRequired || field.initial !== undefined ? field.label : formWords.optional(field.label),
    );
    // An area is chosen from those that there are.
    if (field.help && field.kind !== 'area') setting.setDesc(field.help);
    const start = values[field.key] ?? field.initial;
    if (start !== undefined) values[field.key] = start;
    const put = (value: unknown): void => {
      values[field.key] = value;
    };
    const keeping = (work: Promise<boolean>): void => {
      this.keeping.add(work);
      void work.finally(() => this.keeping.delete(work));
    };
    CONTROLS[field.kind](setting, { field: field as never, host: this.host, app: this.app, start, put, keeping });
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
          .setTooltip(formWords.addTo(field.label.toLowerCase()))
          .onClick(() => {
            rows.push({});
            draw();
          }),
      );
      rows.forEach((row, i) => {
        const rowEl = box.createDiv({ cls: 'operary-row' });
        for (const inner of field.fields) this.addField(rowEl, inner, row);
        new Setting(rowEl).addButton((button) =>
          button.setButtonText(commonWords.remove).onClick(() => {
            rows.splice(i, 1);
            draw();
          }),
        );
      });
    };
    draw();
  }
}
