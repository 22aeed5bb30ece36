/** A verification while it goes on: each step a line with how it stands, what it came to in words, and what else may be asked. */
import { Modal, setIcon, type App } from 'obsidian';
import {
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
}

const STATE: Readonly<Record<Step['state'], readonly [icon: string, word: string]>> = {
  ok: ['check', ''],
  warn: ['alert-triangle', 'With a reservation: '],
  failed: ['x', 'Failed: '],
  running: ['loader', 'Running '],
  waiting: ['circle', 'Waiting'],
  unchecked: ['minus', 'Not checked: '],
};

export class ChecklistModal extends Modal {
  private readonly sealing: Sealing;
  private readonly rows: { drawn: string; readonly el: HTMLElement }[] = [];
  /** Each check has a number; a cancelled one is not the latest any more, and says nothing. */
  private latest = 0;
  private seen: Seen | undefined;
  private words!: HTMLElement;
  private progress!: HTMLProgressElement;
  private actions!: HTMLElement;
  private list!: HTMLElement;

  constructor(app: App, sealing: Sealing) {
    super(app);
    this.sealing = sealing;
  }

  override onOpen(): void {
    this.setTitle('Verify seal');
    const { contentEl: el } = this;
    el.addClass('operary-checklist');
    el.createDiv({ cls: 'operary-form-about', text: this.sealing.title });
    this.words = el.createDiv({ cls: 'operary-verdict', attr: { role: 'status' } });
    this.progress = el.createEl('progress', { attr: { max: '1', 'aria-label': 'How far it has come' } });
    this.actions = el.createDiv({ cls: 'operary-actions' });
    this.list = el.createDiv({ attr: { role: 'list' } });
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
    this.progress.show();
    this.say([isFetching ? 'Fetching the evidence bundle…' : 'Checking…'], '');
    this.offer('Cancel', () => this.cancel());
    try {
      const given = await bring();
      if (!isWanted()) return;
      if (given.note !== undefined || given.bundle) return await this.run(given, isWanted);
      if (isFetching || !this.sealing.fetch) throw new Error('The evidence bundle is not on this device.');
      await this.check(this.sealing.fetch, true);
    } catch (error) {
      if (!isWanted()) return;
      this.progress.hide();
      this.say([error instanceof Error ? error.message : String(error)], 'cannot-judge');
      this.offer();
      this.offerFetch('Try again');
    }
  }

  private async run(given: Given, isWanted: () => boolean): Promise<void> {
    this.say(['Checking…'], '');
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
    const late = 'Not checked: what was recorded after this bundle was fetched.';
    this.say([...wordsOf(outcome, given), ...(isBehind ? [late] : [])], outcome.verification.verdict);
    this.offer();
    if (!given.bundle || isBehind)
      this.offerFetch(isBehind ? 'Fetch the bundle anew' : 'Fetch the evidence bundle and check all of it');
  }

  private cancel(): void {
    this.latest += 1;
    this.progress.hide();
    if (this.seen) this.draw(cancelled(this.seen));
    this.say(['Cancelled. Nothing is known of the steps that were not made.'], 'cannot-judge');
    this.offer('Check again', () => void this.check(this.sealing.here, false));
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

  private draw({ steps, share }: Seen): void {
    this.progress.value = share;
    for (const [at, step] of steps.entries()) {
      const row = (this.rows[at] ??= { drawn: '', el: this.list.createDiv({ attr: { role: 'listitem' } }) });
      const drawn = JSON.stringify(step);
      if (row.drawn === drawn) continue;
      row.drawn = drawn;
      drawStep(row.el, step);
    }
    for (const { el } of this.rows.splice(steps.length)) el.remove();
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
