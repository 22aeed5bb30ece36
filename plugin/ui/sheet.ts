/** A sheet from top to bottom, as a feature has written it: read, tick, decide, fill in, and one press at the end. */
import { Modal, Setting, type App } from 'obsidian';
import type { CommandEntry } from '../../shared/kernel/register.ts';
import type { Sheet, SheetPart, SheetText } from '../../shared/kernel/sheet.ts';
import { fieldsOf, type Field } from '../fields.ts';
import { createAnswers, createProgress } from '../handover/answers.ts';
import type { Host } from '../host.ts';
import type { Held } from '../replica.ts';
import { CONTROLS } from './controls.ts';
import type { Attempt } from './form.ts';
import { nameControls } from './naming.ts';

export interface SheetOrder {
  readonly host: Host;
  readonly entry: CommandEntry;
  readonly held: Held;
  readonly about: string;
  /** Says this verb of the item; `isTold`: the person is told that it is done. */
  readonly attempt: (verb: string, isTold: boolean) => Attempt;
  /** Another verb has a form of its own. */
  readonly open: (verb: string) => void;
}

type Part<K extends SheetPart['kind']> = Extract<SheetPart, { kind: K }>;

export class SheetModal extends Modal {
  private readonly order: SheetOrder;
  private readonly sheet: Sheet<unknown>;
  private readonly progress = createProgress();
  private written: SheetText = { parts: [], acts: [] };
  private readonly answers = createAnswers((key) =>
    this.written.parts.find((part): part is Part<'decide'> => part.kind === 'decide' && part.key === key),
  );

  constructor(app: App, order: SheetOrder) {
    super(app);
    this.order = order;
    this.sheet = order.entry.feature.sheets![order.entry.verb]!;
  }

  override onOpen(): void {
    this.modalEl.addClass('operary-form', 'operary-sheet');
    this.setTitle(this.order.entry.word.title);
    this.draw();
  }

  override onClose(): void {
    this.contentEl.empty();
  }

  /** As it stands now: tasks and entries may have come meanwhile; what was answered stays. */
  private draw(problem?: string): void {
    const { contentEl: el } = this;
    const { host, about, entry } = this.order;
    const held = this.current();
    this.written = this.write();
    el.empty();
    el.createDiv({ cls: 'operary-form-about', text: about });
    const remarks = el.createEl('ul', { cls: 'operary-remarks' });
    void this.remark(remarks, held);
    for (const part of this.written.parts) this.drawPart(el, part);
    const why = el.createDiv({ cls: 'operary-problem', text: problem ?? '', attr: { role: 'alert', tabindex: '-1' } });
    why.toggle(problem !== undefined);
    const buttons = new Setting(el);
    const { acts, opens } = this.written;
    if (opens !== undefined)
      buttons.addButton((button) =>
        button
          .setButtonText(host.register.commands.get(`${entry.feature.name}.${opens}`)!.word.title)
          .setCta()
          .onClick(() => {
            this.close();
            this.order.open(opens);
          }),
      );
    for (const { title, main } of acts)
      buttons.addButton((button) => {
        button.setButtonText(title).onClick(async () => {
          button.setDisabled(true);
          await this.take(title);
          button.setDisabled(false);
        });
        if (main) button.setCta();
      });
    if (problem !== undefined) why.focus();
  }

  private write(): SheetText {
    const held = this.current();
    return this.sheet.write(held.state, held, this.order.host.scribe.around(), new Date().toISOString());
  }

  private current(): Held {
    const { host, held } = this.order;
    return host.replica.get(held) ?? held;
  }

  /** What waits here, and what the server knows of other devices. */
  private async remark(list: HTMLElement, held: Held): Promise<void> {
    const { host } = this.order;
    const here = host.waiting ? [`On this device ${host.waiting} still wait to be sent.`] : [];
    list.hide();
    const all = [...here, ...(await host.remarksOn(held))];
    for (const text of all) list.createEl('li', { text });
    list.toggle(all.length > 0);
  }

  /** One step after the other; what was refused is said, and what was taken before it is not taken again. */
  private async take(title: string): Promise<void> {
    const steps = this.write()
      .acts.find((act) => act.title === title)
      ?.steps(this.answers);
    if (!steps || typeof steps === 'string') return this.draw(steps);
    for (const step of this.progress.left(steps)) {
      const refused = await this.order.attempt(step.verb, step === steps.at(-1))(step.input);
      if (refused) return this.draw(refused.detail);
      this.progress.done(step);
    }
    if (this.sheet.isDue(this.current().state, this.order.host.me?.id ?? '')) this.draw();
    else this.close();
  }

  private drawPart(el: HTMLElement, part: SheetPart): void {
    if (part.kind === 'read' && !part.lines.length) return;
    const isFolded = part.kind === 'tick' && part.folded;
    const box = isFolded ? el.createEl('details', { cls: 'operary-folded' }) : el.createDiv();
    if (isFolded) {
      box.createEl('summary', { text: part.heading });
      box.toggleAttribute('open', this.answers.ticked(part.key).length > 0);
    } else box.createEl('h4', { text: part.heading });
    if (part.help) box.createDiv({ cls: 'operary-card-details', text: part.help });
    DRAW[part.kind](this, box, part as never);
  }

  drawTicks(box: HTMLElement, { key, items }: Part<'tick'>): void {
    for (const { id, title, detail } of items) {
      const label = box.createEl('label', { cls: 'operary-tick' });
      const input = label.createEl('input', { type: 'checkbox' });
      input.checked = this.answers.ticked(key).includes(id);
      input.onchange = () => this.answers.tick(key, id, input.checked);
      label.createSpan({ text: title });
      if (detail) label.createSpan({ cls: 'operary-card-details', text: detail });
    }
  }

  drawDecisions(box: HTMLElement, { key, answer, choices, items }: Part<'decide'>): void {
    const { host, entry } = this.order;
    const rows = fieldsOf(entry.word.input, host.register).find((field) => field.key === key);
    const fields = rows?.kind === 'rows' ? rows.fields : [];
    for (const { id, title, detail, start, urgent } of items) {
      const row = this.answers.row(key, id);
      row[answer] ??= start;
      const box1 = box.createDiv({ cls: ['operary-decision', ...(urgent ? ['operary-urgent'] : [])] });
      const setting = new Setting(box1).setName(title).setDesc(detail);
      const more = box1.createDiv();
      const ask = (): void => {
        more.empty();
        const asked = choices.find(({ value }) => value === row[answer])?.asks;
        const field = fields.find((one) => one.key === asked);
        if (field) this.addField(more, field, row);
      };
      setting.addDropdown((dropdown) => {
        if (start === undefined) dropdown.addOption('', 'Decide…');
        for (const choice of choices) dropdown.addOption(choice.value, choice.title);
        dropdown.setValue((row[answer] as string | undefined) ?? '').onChange((value) => {
          row[answer] = value;
          ask();
        });
      });
      nameControls(setting);
      ask();
    }
  }

  drawFields(box: HTMLElement, { fields }: Part<'fields'>): void {
    for (const { key, label } of fields) {
      const setting = new Setting(box).setName(label).addText((text) => {
        text.setValue(this.answers.text(key)).onChange((value) => this.answers.write(key, value));
      });
      nameControls(setting);
    }
  }

  private addField(parent: HTMLElement, field: Field, values: Record<string, unknown>): void {
    const setting = new Setting(parent).setName(field.label);
    const put = (value: unknown): void => void (values[field.key] = value);
    const parts = { field: field as never, host: this.order.host, app: this.app, start: values[field.key], put };
    CONTROLS[field.kind as 'line'](setting, parts);
    nameControls(setting);
  }
}

const DRAW: { readonly [K in SheetPart['kind']]: (modal: SheetModal, box: HTMLElement, part: Part<K>) => void } = {
  read(_modal, box, { lines }) {
    const list = box.createEl('ul');
    for (const text of lines) list.createEl('li', { text });
  },
  tick: (modal, box, part) => modal.drawTicks(box, part),
  decide: (modal, box, part) => modal.drawDecisions(box, part),
  fields: (modal, box, part) => modal.drawFields(box, part),
};
