/** A verification while it goes on: each step a line with how it stands, what it came to in words, and what else may be asked or entered. */
import { Modal, setIcon, type App } from 'obsidian';
import { wrongFingerprint } from '../audit/fingerprint.ts';
import { Unreachable } from '../audit/kept.ts';
import {
  FINGERPRINT,
  gathered,
  cancelled,
  verifying,
  watched,
  wordsOf,
  type Given,
  type Outcome,
  type Seen,
  type Step,
} from '../audit/verifying.ts';
import { breathe } from '../device/clock.ts';
import { auditWords, commandsWords, commonWords } from '../words/index.ts';
import { say } from './say.ts';

export interface Sealing {
  /** What the seal is of. */
  readonly title: string;
  /** What is on this device. */
  readonly here: () => Promise<Given>;
  /** The same with the evidence bundle from the server, which is kept then; absent where nobody could ask for it. */
  readonly fetch?: (() => Promise<Given>) | undefined;
  /** Whether more was recorded since the bundle here was fetched. */
  readonly isBehind: () => boolean;
  readonly done: (outcome: Outcome) => void;
  /** The organisation's fingerprint as somebody has it from outside; empty: nobody has entered it. */
  readonly root: () => string;
  readonly enterRoot: (root: string) => Promise<void>;
}

const STATE: Readonly<Record<Step['state'], readonly [icon: string, word: string]>> = {
  ok: ['check', ''],
  warn: ['alert-triangle', auditWords.withReservation],
  failed: ['x', auditWords.failed],
  running: ['loader', auditWords.running],
  waiting: ['circle', auditWords.waiting],
  unchecked: ['minus', auditWords.unchecked],
};

export class ChecklistModal extends Modal {
  private readonly sealing: Sealing;
  private readonly rows: { drawn: string; readonly el: HTMLElement }[] = [];
  /** Each check has a number; a cancelled one is not the latest any more, and says nothing. */
  private latest = 0;
  private seen: Seen | undefined;
  /** Nothing of what is to be checked is on this device. */
  private isMissing = false;
  private words!: HTMLElement;
  private progress!: HTMLProgressElement;
  private actions!: HTMLElement;
  private fingerprint!: HTMLElement;
  private list!: HTMLElement;
  /** Checks that were not made, by why. */
  private rest!: HTMLElement;
  private restDrawn = '';

  constructor(app: App, sealing: Sealing) {
    super(app);
    this.sealing = sealing;
  }

  override onOpen(): void {
    this.setTitle(commandsWords.verifySeal);
    const { contentEl: el } = this;
    el.addClass('operary-checklist');
    say(el.createDiv({ cls: 'operary-form-about' }), this.sealing.title);
    this.words = el.createDiv({ cls: 'operary-verdict', attr: { role: 'status' } });
    this.progress = el.createEl('progress', { attr: { max: '1', 'aria-label': auditWords.progress } });
    this.actions = el.createDiv({ cls: 'operary-actions' });
    this.fingerprint = el.createDiv({ cls: 'operary-fingerprint' });
    this.list = el.createDiv({ attr: { role: 'list' } });
    this.rest = el.createDiv();
    void this.check(this.sealing.here, false);
  }

  override onClose(): void {
    this.latest += 1;
    this.contentEl.empty();
  }

  private async check(bring: () => Promise<Given>, isFetching: boolean): Promise<void> {
    const number = (this.latest += 1);
    const isWanted = (): boolean => this.latest === number;
    this.seen = undefined;
    this.progress.removeAttribute('value');
    this.progress.show();
    this.fingerprint.empty();
    this.say([isFetching ? auditWords.fetching : auditWords.checking], '');
    this.offer(commonWords.cancel, () => this.cancel());
    try {
      const given = await bring();
      if (!isWanted()) return;
      if (given.note !== undefined || given.bundle) return await this.run(given, isWanted);
      if (isFetching || !this.sealing.fetch) throw new Error(auditWords.noBundle);
      this.isMissing = true;
      await this.check(this.sealing.fetch, true);
    } catch (error) {
      if (!isWanted()) return;
      this.progress.hide();
      const said = error instanceof Error ? error.message : String(error);
      this.say([error instanceof Unreachable && this.isMissing ? auditWords.notHereYet : said], 'cannot-judge');
      this.offer();
      this.offerFetch(auditWords.tryAgain);
    }
  }

  private async run(given: Given, isWanted: () => boolean): Promise<void> {
    this.say([auditWords.checking], '');
    const show = (seen: Seen): boolean => {
      if (isWanted()) this.draw((this.seen = seen));
      return isWanted();
    };
    const outcome = await watched(verifying(given), () => performance.now(), breathe, show);
    if (!outcome || !isWanted()) return;
    this.progress.hide();
    this.draw(outcome);
    this.sealing.done(outcome);
    const isBehind = given.bundle !== undefined && this.sealing.isBehind();
    const late = auditWords.uncheckedSince;
    this.say([...wordsOf(outcome, given), ...(isBehind ? [late] : [])], outcome.verification.verdict);
    this.askRoot(outcome, given);
    this.offer();
    if (!given.bundle || isBehind) this.offerFetch(isBehind ? auditWords.fetchAnew : auditWords.fetchAll);
  }

  private cancel(): void {
    this.latest += 1;
    this.progress.hide();
    if (this.seen) this.draw(cancelled(this.seen));
    this.say([auditWords.cancelled], 'cannot-judge');
    this.offer(auditWords.checkAgain, () => void this.check(this.sealing.here, false));
  }

  private say(words: readonly string[], verdict: string): void {
    this.words.className = `operary-verdict operary-${verdict}`;
    this.words.empty();
    for (const [at, text] of words.entries())
      this.words.createDiv({ text, ...(at ? { cls: 'operary-check-detail' } : {}) });
  }

  private offer(text?: string, press?: () => void): void {
    this.actions.empty();
    if (text && press) this.actions.createEl('button', { text }).onclick = press;
  }

  private offerFetch(text: string): void {
    const { fetch } = this.sealing;
    if (fetch) this.offer(text, () => void this.check(fetch, true));
  }

  /** Beside the check that needs it: where nobody has entered it, or what was entered does not fit. */
  private askRoot({ steps }: Outcome, given: Given): void {
    const { sealing, fingerprint: el } = this;
    if (!steps.some(({ name, state }) => name === FINGERPRINT && state !== 'ok')) return;
    const field = el.createEl('label');
    field.createSpan({ text: auditWords.fingerprint });
    const value = sealing.root();
    const input = field.createEl('input', {
      type: 'text',
      value,
      attr: { placeholder: auditWords.fingerprintHint, spellcheck: 'false', autocomplete: 'off' },
    });
    el.createDiv({ cls: 'operary-form-about', text: auditWords.fingerprintFrom });
    const problem = el.createDiv({ cls: 'operary-problem', attr: { role: 'alert' } });
    problem.hide();
    const enter = async (): Promise<void> => {
      const root = input.value.trim();
      const wrong = wrongFingerprint(root);
      problem.setText(wrong ?? '');
      problem.toggle(wrong !== undefined);
      if (wrong !== undefined) return input.focus();
      await sealing.enterRoot(root);
      await this.check(() => Promise.resolve({ ...given, root }), false);
    };
    el.createEl('button', { text: auditWords.checkWithIt }).onclick = () => void enter();
    input.onkeydown = ({ key, isComposing }) => {
      if (key === 'Enter' && !isComposing) void enter();
    };
  }

  private draw({ steps, share }: Seen): void {
    this.progress.value = share;
    const { made, groups } = gathered(steps);
    for (const [at, step] of made.entries()) {
      const row = (this.rows[at] ??= { drawn: '', el: this.list.createDiv({ attr: { role: 'listitem' } }) });
      const drawn = JSON.stringify(step);
      if (row.drawn === drawn) continue;
      row.drawn = drawn;
      drawStep(row.el, step);
    }
    for (const { el } of this.rows.splice(made.length)) el.remove();
    const restDrawn = JSON.stringify(groups);
    if (restDrawn === this.restDrawn) return;
    this.restDrawn = restDrawn;
    this.rest.empty();
    for (const { words, names } of groups) {
      const details = this.rest.createEl('details', { cls: 'operary-unchecked' });
      details.createEl('summary', { text: words });
      const list = details.createEl('ul');
      for (const text of names) list.createEl('li', { text });
    }
  }
}

function drawStep(row: HTMLElement, { name, state, detail }: Step): void {
  const [icon, word] = STATE[state];
  row.className = `operary-check operary-check-${state}`;
  row.empty();
  setIcon(row.createSpan({ cls: 'operary-check-icon' }), icon);
  const text = row.createDiv();
  text.createDiv({ cls: 'operary-check-name', text: name });
  text.createDiv({ cls: 'operary-check-detail', text: `${word}${detail}` });
}
