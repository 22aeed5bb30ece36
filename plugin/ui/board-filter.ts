/** The row over the board's work: whose, where, in which state, with which words, and in which groups. */
import { ORDERS, SHOWS, type Choice, type Options } from '../board/sift.ts';
import { wordsOf } from '../fields.ts';
import { freshId } from './naming.ts';

const GROUPS: Options = ORDERS.map((by) => [by, `By ${by}`]);

export class FilterRow {
  private readonly area: HTMLSelectElement;
  private readonly status: HTMLSelectElement;
  private readonly told: HTMLElement;

  constructor(parent: HTMLElement, choice: Choice, changed: (part: Partial<Choice>) => void) {
    const row = parent.createDiv({ cls: 'operary-filter', attr: { role: 'search', 'aria-label': 'Filter tasks' } });
    const shows = row.createDiv({ cls: 'operary-shows', attr: { role: 'radiogroup', 'aria-label': 'Show' } });
    const name = freshId();
    for (const show of SHOWS) {
      const label = shows.createEl('label', { text: wordsOf(show) });
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
    this.area = select('Area', (area) => changed({ area }));
    this.status = select('Status', (status) => changed({ status }));
    const groups = select('Groups', (by) => changed({ by: ORDERS.find((one) => one === by)! }));
    fill(groups, GROUPS, choice.by);
    const text = row.createEl('input', {
      type: 'search',
      value: choice.text,
      placeholder: 'Find words',
      attr: { 'aria-label': 'Find words' },
    });
    text.oninput = () => changed({ text: text.value });
    this.told = row.createDiv({ cls: 'operary-more', attr: { role: 'status' } });
  }

  /** With what there is to choose from now. */
  update(offers: Readonly<Record<'area' | 'status', Options>>, choice: Choice, told: string): void {
    fill(this.area, [['', 'All areas'], ...offers.area], choice.area);
    fill(this.status, [['', 'Any status'], ...offers.status], choice.status);
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
