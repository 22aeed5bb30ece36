/** The board of whoever may read only what is sealed: the archive by month, to be searched, verified, taken out and opened. */
import type { Host } from '../host.ts';
import { keyOf, type Held } from '../replica.ts';
import { archiveOf, recordOf, type Row } from '../audit/archive.ts';
import { freshId } from './naming.ts';
import { archiveWords, commandsWords } from '../words/index.ts';
import { say } from './say.ts';

export interface ArchiveParts {
  readonly verify: (held: Held) => void;
  readonly exportEvidence: (held: Held) => void;
  readonly open: (path: string) => void;
  /** What the last verification of this one came to. */
  readonly verdict: (held: Held) => string;
}

/** So many at first, and so many more each time. */
const PAGE = 50;

export class Archive {
  private readonly parts: ArchiveParts;
  private search = '';
  private most = PAGE;

  constructor(parts: ArchiveParts) {
    this.parts = parts;
  }

  draw(el: HTMLElement, host: Host): void {
    const field = el.createEl('input', {
      cls: 'operary-search',
      type: 'search',
      value: this.search,
      attr: { placeholder: archiveWords.search, 'aria-label': archiveWords.search, 'data-operary': 'archive search' },
    });
    const list = el.createDiv();
    field.oninput = () => {
      this.search = field.value;
      this.most = PAGE;
      this.drawList(list, host);
    };
    this.drawList(list, host);
    // When all is drawn anew while somebody types, they go on where they were.
    field.onfocus = () => field.setSelectionRange(field.value.length, field.value.length);
  }

  private drawList(el: HTMLElement, host: Host): void {
    el.empty();
    const { userName } = host.scribe.around();
    const rows = archiveOf(host.replica, { zone: host.scribe.organisation.zone, userName }, this.search);
    if (!rows.length)
      el.createDiv({
        cls: 'operary-more',
        text: this.search ? archiveWords.none : archiveWords.nothingYet,
      });
    let month = '';
    for (const row of rows.slice(0, this.most)) {
      if (row.month !== month) this.drawMonth(el, (month = row.month), rows);
      this.drawRow(el, host, row);
    }
    const more = rows.length - this.most;
    if (more <= 0) return;
    this.button(el, archiveWords.more(more), 'archive', () => {
      this.most += PAGE;
      this.drawList(el, host);
    });
  }

  private drawMonth(el: HTMLElement, month: string, rows: readonly Row[]): void {
    const head = el.createDiv({ cls: 'operary-group', attr: { role: 'heading', 'aria-level': '2' } });
    head.createSpan({ text: month });
    head.createSpan({ cls: 'operary-count', text: String(rows.filter((row) => row.month === month).length) });
  }

  private drawRow(el: HTMLElement, host: Host, { held, title, details, late }: Row): void {
    const key = keyOf(held);
    const { record, late: after } = recordOf(host.register, held)!.notes;
    const box = el.createDiv({ cls: 'operary-card' });
    const name = say(box.createDiv({ cls: 'operary-card-title' }), title);
    name.id = freshId();
    box.setAttrs({ role: 'group', 'aria-labelledby': name.id });
    for (const text of [details.join(' · '), this.parts.verdict(held)])
      say(box.createDiv({ cls: 'operary-card-details' }), text);
    const actions = box.createDiv({ cls: 'operary-actions' });
    // Asked again when it is pressed: the record's own note comes a little later than its row.
    this.opening(actions, archiveWords.open, key, () => host.notebook.pathOf(key, record) ?? host.notebook.pathOf(key));
    this.button(actions, archiveWords.verify, key, () => this.parts.verify(held));
    this.button(actions, commandsWords.exportEvidence, key, () => this.parts.exportEvidence(held));
    if (late) this.opening(actions, late, key, () => host.notebook.pathOf(key, after));
  }

  /** None where there is no note to open. */
  private opening(parent: HTMLElement, text: string, of: string, find: () => string | undefined): void {
    if (find() === undefined) return;
    this.button(parent, text, of, () => {
      const path = find();
      if (path !== undefined) this.parts.open(path);
    });
  }

  private button(parent: HTMLElement, text: string, of: string, press: () => void): void {
    parent.createEl('button', { text, attr: { 'data-operary': `${of} ${text}` } }).onclick = press;
  }
}
