/** Quick entry: one text, Enter saves. What is seldom said stays folded. */
import { Modal, Setting, type App, type DropdownComponent } from 'obsidian';
import type { CommandEntry } from '../../shared/kernel/register.ts';
import { fieldsOf, inputOf, type Field } from '../fields.ts';
import { nextGap, templatesFor, type Template } from '../handover/templates.ts';
import type { Host } from '../host.ts';
import type { Held } from '../replica.ts';
import type { Draft } from '../drafts.ts';
import { CONTROLS, PathSuggest } from './controls.ts';
import type { Attempt } from './form.ts';
import { nameControls } from './naming.ts';
import { unfinished, type Unfinished } from './unfinished.ts';
import { captureWords, commandsWords } from '../words/index.ts';
import { say } from './say.ts';

export interface CaptureOrder {
  readonly host: Host;
  readonly entry: CommandEntry;
  /** Where it may go, the likeliest first. */
  readonly targets: readonly Held[];
  readonly aboutOf: (held: Held) => string;
  readonly templates: readonly Template[];
  /** What was written elsewhere so far. */
  readonly text: string;
  /** Says it of this one. */
  readonly attemptOn: (held: Held) => Attempt;
  readonly draft: Draft;
  /** To put right one of their own: a line that they point at, or any. */
  readonly correct?: { readonly line: string };
}

interface Entered {
  readonly text: string;
  readonly target: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export class CaptureModal extends Modal {
  private readonly order: CaptureOrder;
  private readonly values: Record<string, unknown> = {};
  private target: Held;
  private where: DropdownComponent | undefined;
  private text!: HTMLTextAreaElement;
  private chips!: HTMLElement;
  private problem!: HTMLElement;
  private more!: HTMLElement;
  private isBusy = false;
  private readonly draft: Unfinished;

  constructor(app: App, order: CaptureOrder) {
    super(app);
    this.order = order;
    this.target = order.targets[0]!;
    this.draft = unfinished(order.draft, this.entered);
  }

  private get capture() {
    return this.order.entry.feature.capture!;
  }

  override onOpen(): void {
    const { entry, targets, aboutOf, correct } = this.order;
    this.modalEl.addClass('operary-form', 'operary-capture');
    const title = correct ? commandsWords.correct : entry.word.title;
    this.setTitle(title);
    if (targets.length === 1) say(this.contentEl.createDiv({ cls: 'operary-form-about' }), aboutOf(this.target));
    else this.addTarget();
    this.draft.offer(this.contentEl, (left) => this.goOn(left as Entered));
    this.text = this.contentEl.createEl('textarea', {
      attr: { 'aria-label': captureWords.text, rows: '2', placeholder: captureWords.hint, enterkeyhint: 'send' },
    });
    this.text.oninput = () => this.drawTemplates();
    this.text.onkeydown = (event) => this.pressed(event);
    this.chips = this.contentEl.createDiv({
      cls: 'operary-actions',
      attr: { role: 'group', 'aria-label': captureWords.templates },
    });
    this.problem = this.contentEl.createDiv({ cls: 'operary-problem', attr: { role: 'alert' } });
    this.problem.hide();
    this.more = this.contentEl.createDiv();
    new Setting(this.contentEl).addButton((button) =>
      button
        .setButtonText(title)
        .setCta()
        .onClick(() => void this.save()),
    );
    this.drawMore();
    this.drawTemplates();
    this.text.focus();
    const { text } = this.order;
    if (text) this.write(text, [text.length, text.length]);
    const { line = '' } = correct ?? {};
    // The words of one entry may stand in another's: the line tells the longer one.
    const [pointed, other] = this.correctable()
      .filter(({ words }) => words && line.includes(words))
      .sort((a, b) => b.words.length - a.words.length);
    if (pointed && pointed.words.length > (other?.words.length ?? 0)) this.putRight(pointed.id);
    this.draft.begin(this.contentEl);
  }

  override onClose(): void {
    this.draft.keep();
    this.contentEl.empty();
  }

  private readonly entered = (): Entered => ({
    text: this.text.value,
    target: this.target.id,
    values: { ...this.values },
  });

  private goOn({ text, target, values }: Entered): void {
    this.target = this.order.targets.find(({ id }) => id === target) ?? this.target;
    this.where?.setValue(this.target.id);
    Object.assign(this.values, values);
    this.drawMore();
    this.write(text, [text.length, text.length]);
  }

  private correctable() {
    const { host } = this.order;
    return this.capture.correctable(this.target.state, host.me?.id ?? '', host.scribe.around());
  }

  private addTarget(): void {
    const setting = new Setting(this.contentEl).setName(captureWords.where).addDropdown((dropdown) => {
      this.where = dropdown;
      for (const held of this.order.targets) dropdown.addOption(held.id, this.order.aboutOf(held));
      dropdown.onChange((id) => {
        this.target = this.order.targets.find((held) => held.id === id)!;
        delete this.values[this.capture.corrects];
        this.drawMore();
      });
    });
    nameControls(setting);
  }

  /** Kind and thing are in sight; the time and what is put right are folded, unless they are what it is about. */
  private drawMore(): void {
    const { entry, host, correct } = this.order;
    const { choice, thing } = this.capture;
    this.more.empty();
    if (correct) this.addCorrects(this.more);
    const fields = fieldsOf(entry.word.input, host.register);
    this.add(
      this.more,
      fields.find(({ key }) => key === choice)!,
    );
    const input = this.add(
      this.more,
      fields.find(({ key }) => key === thing)!,
    ).controlEl.querySelector('input')!;
    const things = this.capture.things(host.scribe.around());
    new PathSuggest(this.app, input, things, (path) => void (this.values[thing] = path));
    const folded = this.more.createEl('details', { cls: 'operary-folded' });
    folded.createEl('summary', { text: correct ? captureWords.earlier : captureWords.earlierOrCorrects });
    const when = {
      key: 'occurredAt',
      label: captureWords.happenedAt,
      isRequired: false,
      initial: undefined,
      kind: 'moment',
    };
    this.add(folded, { ...when, help: captureWords.lateMark } as Field);
    if (!correct) this.addCorrects(folded);
  }

  private add(parent: HTMLElement, field: Field): Setting {
    const { host } = this.order;
    const setting = new Setting(parent).setName(field.label);
    if (field.help) setting.setDesc(field.help);
    const put = (value: unknown): void => void (this.values[field.key] = value);
    const start = this.values[field.key] ?? field.initial;
    CONTROLS[field.kind as 'line'](setting, { field: field as never, host, app: this.app, start, put });
    nameControls(setting);
    return setting;
  }

  private addCorrects(parent: HTMLElement): void {
    const setting = new Setting(parent)
      .setName(captureWords.corrects)
      .setDesc(captureWords.correctsHow)
      .addDropdown((dropdown) => {
        dropdown.addOption('', captureWords.nothing);
        for (const { id, label } of this.correctable()) dropdown.addOption(id, label);
        const { corrects } = this.capture;
        dropdown.setValue((this.values[corrects] as string | undefined) ?? '').onChange((id) => this.putRight(id));
      });
    nameControls(setting);
  }

  /** What it said stands in the fields, to be changed. */
  private putRight(id: string): void {
    const { corrects, text } = this.capture;
    this.values[corrects] = id;
    const { [text]: words = '', ...others } = this.correctable().find((one) => one.id === id)?.filled ?? {};
    Object.assign(this.values, others);
    const isOpen = this.more.querySelector('details')!.open;
    this.drawMore();
    this.more.querySelector('details')!.open = isOpen;
    if (words) this.write(words, [words.length, words.length]);
  }

  private drawTemplates(): void {
    this.chips.empty();
    for (const { name, text } of templatesFor(this.order.templates, this.text.value))
      this.chips.createEl('button', { text: name }).onclick = () => this.write(text, nextGap(text));
    this.chips.toggle(this.chips.childElementCount > 0);
  }

  private write(text: string, [start, end]: readonly [number, number]): void {
    this.text.value = text;
    this.text.focus();
    this.text.setSelectionRange(start, end);
    this.drawTemplates();
  }

  private pressed(event: KeyboardEvent): void {
    if (event.isComposing || event.shiftKey) return;
    const { value, selectionEnd } = this.text;
    if (event.key === 'Tab' && value.includes('…', selectionEnd)) {
      event.preventDefault();
      this.text.setSelectionRange(...nextGap(value, selectionEnd));
    }
    if (event.key !== 'Enter') return;
    event.preventDefault();
    const [template] = value.startsWith('/') ? templatesFor(this.order.templates, value) : [];
    if (template) this.write(template.text, nextGap(template.text));
    else void this.save();
  }

  private async save(): Promise<void> {
    if (this.isBusy) return;
    const text = this.text.value.trim();
    if (!text || (this.order.correct && !this.values[this.capture.corrects])) {
      return this.tell(text ? captureWords.chooseEntry : captureWords.write);
    }
    this.isBusy = true;
    const refused = await this.order.attemptOn(this.target)(inputOf({ ...this.values, [this.capture.text]: text }));
    this.isBusy = false;
    if (!refused) {
      this.draft.done();
      return this.close();
    }
    const { detail, fields } = refused;
    const more = fields.filter(({ problem }) => !detail.includes(problem));
    this.tell([detail, ...more.map(({ problem }) => problem)].join('\n'));
  }

  private tell(words: string): void {
    this.problem.setText(words);
    this.problem.show();
    this.text.focus();
  }
}
