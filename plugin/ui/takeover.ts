/** "Who are you?" on a device that several people use: a name, a PIN, done; offline too. */
import { Modal, Notice, Setting, type App } from 'obsidian';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import type { People, PersonHere } from '../people.ts';
import { nameControls } from './naming.ts';
import { peopleWords } from '../words/index.ts';

/** Whoever may say "that is me". */
export function drawPerson(list: HTMLElement, { user, name, role }: PersonHere, press: () => void): HTMLButtonElement {
  const button = list.createEl('button', { cls: 'operary-person', text: name, attr: { 'data-operary': user } });
  if (role) button.createDiv({ cls: 'operary-card-details', text: role.replaceAll('_', ' ') });
  button.onclick = press;
  return button;
}

export class TakeOverModal extends Modal {
  private readonly people: People;
  private readonly person: PersonHere | undefined;

  /** `person`: who says to be there. */
  constructor(app: App, people: People, person?: PersonHere) {
    super(app);
    this.people = people;
    this.person = person;
  }

  override onOpen(): void {
    this.modalEl.addClass('operary-form', 'operary-takeover');
    if (this.person) this.choose(this.person);
    else this.drawPeople();
  }

  override onClose(): void {
    this.contentEl.empty();
  }

  private drawPeople(): void {
    this.setTitle(peopleWords.who);
    this.contentEl.empty();
    const list = this.contentEl.createDiv({ cls: 'operary-people' });
    for (const person of this.people.all) {
      const button = drawPerson(list, person, () => this.choose(person));
      if (this.people.active?.user === person.user) button.addClass('mod-cta');
    }
    list.querySelector('button')?.focus();
    new Setting(this.contentEl)
      .setDesc(peopleWords.another)
      .addButton((button) => button.setButtonText(peopleWords.add).onClick(() => this.askToken()));
  }

  /** Who has no PIN here yet is there by their token, or brings it again. */
  private choose(person: PersonHere): void {
    if (person.hasPin) this.askPin(person);
    else if (this.people.active?.user === person.user) this.newPin(person);
    else this.askToken(person.name);
  }

  private askPin(person: PersonHere): void {
    this.secret({
      title: person.name,
      label: peopleWords.pin,
      button: peopleWords.takeOver,
      digits: true,
      done: async (pin) => {
        const refused = await this.people.takeOver(person.user, pin);
        if (refused) return refused.detail;
        new Notice(peopleWords.hasTaken(person.name));
        return undefined;
      },
      more: (setting) => {
        if (this.people.active?.user === person.user)
          setting.addButton((button) => button.setButtonText(peopleWords.change).onClick(() => this.newPin(person)));
      },
    });
  }

  private askToken(name: string = peopleWords.add): void {
    this.secret({
      title: name,
      label: peopleWords.tokenOf,
      button: peopleWords.addButton,
      digits: false,
      done: async (token) => {
        const person = await this.people.add(token);
        if (isRefusal(person)) return person.detail;
        this.newPin(person);
        return null;
      },
    });
  }

  private newPin(person: PersonHere): void {
    this.secret({
      title: peopleWords.pinFor(person.name),
      label: peopleWords.digits,
      button: peopleWords.setPin,
      digits: true,
      done: async (pin) => {
        const refused = await this.people.setPin(person.user, pin);
        if (refused) return refused.detail;
        new Notice(peopleWords.fromNowOn(person.name));
        return undefined;
      },
    });
  }

  /** One secret field. `done` answers why not, `undefined` to close, `null` when something else is shown already. */
  private secret(ask: {
    readonly title: string;
    readonly label: string;
    readonly button: string;
    readonly digits: boolean;
    readonly done: (secret: string) => Promise<string | null | undefined>;
    readonly more?: (setting: Setting) => void;
  }): void {
    this.setTitle(ask.title);
    this.contentEl.empty();
    const problem = createDiv({ cls: 'operary-problem', attr: { role: 'alert' } });
    problem.hide();
    let secret = '';
    const submit = async (): Promise<void> => {
      const said = await ask.done(secret);
      if (said === undefined) return this.close();
      if (said === null) return;
      problem.setText(said);
      problem.show();
    };
    const field = new Setting(this.contentEl).setName(ask.label).addText((text) => {
      text.inputEl.type = 'password';
      text.inputEl.autocomplete = 'off';
      if (ask.digits) text.inputEl.inputMode = 'numeric';
      text.onChange((value) => (secret = value));
      text.inputEl.onkeydown = (event) => {
        if (event.key === 'Enter') void submit();
      };
      window.setTimeout(() => text.inputEl.focus());
    });
    nameControls(field);
    this.contentEl.append(problem);
    const buttons = new Setting(this.contentEl).addButton((button) =>
      button.setButtonText(peopleWords.back).onClick(() => this.drawPeople()),
    );
    ask.more?.(buttons);
    buttons.addButton((button) => button.setButtonText(ask.button).setCta().onClick(submit));
  }
}
