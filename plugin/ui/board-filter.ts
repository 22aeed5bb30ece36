/** The row over the board's work: whose, where, in which state, with which words, and in which groups. */
import { ORDERS, SHOWS, type Choice, type Options } from '../board/sift.ts';
import { freshId } from './naming.ts';
import { boardWords } from '../words/index.ts';

const GROUPS: Options = ORDERS.map((by) => [by, boardWords.by[by]]);

export class FilterRow {
  private readonly area: HTMLSelectElement;
  private readonly status: HTMLSelectElement;
  private readonly told: HTMLElement;

  constructor(parent: HTMLElement, choice: Choice, changed: (part: Partial<Choice>) => void) {
    const row = parent.createDiv({ cls: 'operary-filter', attr: { role: 'search', 'aria-label': boardWords.filter } });
    const shows = row.createDiv({ cls: 'operary-shows', attr: { role: 'radiogroup', 'aria-label': boardWords.show } });
    const name = freshId();
    for (const show of SHOWS) {
      const label = shows.createEl('label', { text: boardWords.shows[show] });
      const radio = createEl('input', { type: 'radio', value: show, attr: { name } });
      radio.checked = choice.show === show;
      radio.onchange = () => changed({ show });
      label.prepend(radio);
    }
    const select = (label: string, take: (value: string) => void): HTMLSelectElement => {
      const el = row.createEl('select', { cls: 'dropdown', attr: { 'aria-label': label } });
      el.onchange = () => take(el.value);
      return el;
    };
    this.area = select(boardWords.area, (area) => changed({ area }));
    this.status = select(boardWords.status, (status) => changed({ status }));
    const groups = select(boardWords.groups, (by) => changed({ by: ORDERS.find((one) => one === by)! }));
    fill(groups, GROUPS, choice.by);
    const text = row.createEl('input', {
      type: 'search',
      value: choice.text,
      placeholder: boardWords.find,
      attr: { 'aria-label': boardWords.find },
    });
    text.oninput = () => changed({ text: text.value });
    this.told = row.createDiv({ cls: 'operary-more', attr: { role: 'status' } });
  }

  /** With what there is to choose from now. */
  update(offers: Readonly<Record<'area' | 'status', Options>>, choice: Choice, told: string): void {
    fill(this.area, [['', boardWords.allAreas], ...offers.area], choice.area);
    fill(this.status, [['', boardWords.anyStatus], ...offers.status], choice.status);
    if (this.told.textContent !== told) this.told.setText(told);
  }
}

function fill(select: HTMLSelectElement, options: Options, value: string): void {
  const isSame =
    select.options.length === options.length && options.every(([one], i) => select.options[i]!.value === one);
  if (!isSame) {
    select.empty();
    for (const [one, text] of options) select.createEl('option', { value: one, text });
  }
  if (select.value !== value) select.value = value;
}
