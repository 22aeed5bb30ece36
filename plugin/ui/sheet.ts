/** A sheet from top to bottom, as a feature has written it: read, tick, decide, fill in, and one press at the end. */
import { Modal, Setting, type App } from 'obsidian';
import type { CommandEntry } from '../../shared/kernel/register.ts';
import type { Sheet, SheetPart, SheetText } from '../../shared/kernel/sheet.ts';
import { fieldsOf, type Field } from '../fields.ts';
import type { Draft } from '../drafts.ts';
import { createAnswers, createProgress, type Entered } from '../handover/answers.ts';
import type { Host } from '../host.ts';
import type { Held } from '../replica.ts';
import { CONTROLS } from './controls.ts';
import type { Attempt } from './form.ts';
import { nameControls } from './naming.ts';
import { drawPaged } from './paged.ts';
import { unfinished, type Unfinished } from './unfinished.ts';
import { formWords } from '../words/index.ts';
import { said, say } from './say.ts';

export interface SheetOrder {
  readonly host: Host;
  readonly entry: CommandEntry;
  readonly held: Held;
  readonly about: string;
  readonly draft: Draft;
  /** Says this verb of the item; `isTold`: the person is told that it is done. */
  readonly attempt: (verb: string, isTold: boolean) => Attempt;
  /** Another verb has a form of its own. */
  readonly open: (verb: string) => void;
}

/** Under the title of the sheet, which is no heading to a screen reader. */
const HEADING = { role: 'heading', 'aria-level': '2' };

interface Left {
  readonly answers: Entered;
  readonly taken: readonly string[];
}

type Part<K extends SheetPart['kind']> = Extract<SheetPart, { kind: K }>;

export class SheetModal extends Modal {
  private readonly order: SheetOrder;
  private readonly sheet: Sheet<unknown>;
  private readonly progress = createProgress();
  private readonly draft: Unfinished;
  private written: SheetText = { parts: [], acts: [] };
  private readonly answers = createAnswers((key) =>
    this.written.parts.find((part): part is Part<'decide'> => part.kind === 'decide' && part.key === key),
  );

  constructor(app: App, order: SheetOrder) {
    super(app);
    this.order = order;
    const { answers, progress } = this;
    this.draft = unfinished(order.draft, (): Left => ({ answers: answers.entered(), taken: progress.taken }));
    this.sheet = order.entry.feature.sheets![order.entry.verb]!;
  }

  override onOpen(): void {
    this.modalEl.addClass('operary-form', 'operary-sheet');
    this.setTitle(this.order.entry.word.title);
    this.draw();
    this.draft.begin(this.contentEl);
  }

  override onClose(): void {
    this.draft.keep();
    this.contentEl.empty();
  }

  private goOn({ answers, taken }: Left): void {
    this.answers.goOn(answers);
    this.progress.taken.push(...taken);
    this.draw();
  }

  /** As it stands now: tasks and entries may have come meanwhile; what was answered stays. */
  private draw(problem?: string): void {
    const { contentEl: el } = this;
    const { host, about, entry } = this.order;
    const held = this.current();
    const { activeElement, body } = activeDocument;
    // A button that is pressed is disabled, and lets go of it.
    const hadFocus = el.contains(activeElement) || activeElement === body;
    this.written = this.write();
    el.empty();
    const top = say(el.createDiv({ cls: 'operary-form-about', attr: { tabindex: '-1' } }), about);
    this.draft.offer(el, (left) => this.goOn(left as Left));
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
    else if (hadFocus) top.focus();
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
    const here = host.waiting ? [formWords.stillWait(host.waiting)] : [];
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
    this.draft.done();
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
    } else box.createDiv({ cls: 'operary-heading', text: part.heading, attr: HEADING });
    if (part.help) box.createDiv({ cls: 'operary-card-details', text: part.help });
    DRAW[part.kind](this, box, part as never);
  }

  drawTicks(box: HTMLElement, { key, items }: Part<'tick'>): void {
    drawPaged(box, items, (at, { id, title, detail }) => {
      const label = at.createEl('label', { cls: 'operary-tick' });
      const input = label.createEl('input', { type: 'checkbox' });
      input.checked = this.answers.ticked(key).includes(id);
      input.onchange = () => this.answers.tick(key, id, input.checked);
      say(label.createSpan(), title);
      if (detail) say(label.createSpan({ cls: 'operary-card-details' }), detail);
    });
  }

  drawDecisions(box: HTMLElement, { key, answer, choices, items }: Part<'decide'>): void {
    const { host, entry } = this.order;
    const rows = fieldsOf(entry.word.input, host.register).find((field) => field.key === key);
    const fields = rows?.kind === 'rows' ? rows.fields : [];
    // What is not drawn yet is decided all the same.
    for (const { id, start } of items) if (start !== undefined) this.answers.row(key, id)[answer] ??= start;
    drawPaged(box, items, (at, { id, title, detail, start, urgent }) => {
      const row = this.answers.row(key, id);
      const box1 = at.createDiv({ cls: ['operary-decision', ...(urgent ? ['operary-urgent'] : [])] });
      const setting = new Setting(box1).setName(said(title)).setDesc(said(detail));
      const more = box1.createDiv();
      const ask = (): void => {
        more.empty();
        const asked = choices.find(({ value }) => value === row[answer])?.asks;
        const field = fields.find((one) => one.key === asked);
        if (field) this.addField(more, field, row);
      };
      setting.addDropdown((dropdown) => {
        if (start === undefined) dropdown.addOption('', formWords.decide);
        for (const choice of choices) dropdown.addOption(choice.value, choice.title);
        dropdown.setValue((row[answer] as string | undefined) ?? '').onChange((value) => {
          row[answer] = value;
          ask();
        });
      });
      nameControls(setting);
      ask();
    });
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
    const items = lines.map((title) => ({ title, detail: '' }));
    drawPaged(box, items, (at, { title }) => say(at.createEl('li'), title), list);
  },
  tick: (modal, box, part) => modal.drawTicks(box, part),
  decide: (modal, box, part) => modal.drawDecisions(box, part),
  fields: (modal, box, part) => modal.drawFields(box, part),
};
