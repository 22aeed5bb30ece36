/** A list that may be long, a page at a time: nobody waits for two thousand rows, and each is found by its words. */
import { formWords } from '../words/index.ts';

const PAGE = 50;

interface Listed {
  readonly title: string;
  readonly detail: string;
}

/** `list`: where the rows go, one after the other, inside `box`. */
export function drawPaged<I extends Listed>(
  box: HTMLElement,
  items: readonly I[],
  draw: (list: HTMLElement, item: I) => void,
  list: HTMLElement = box.createDiv(),
): void {
  if (items.length <= PAGE) {
    for (const item of items) draw(list, item);
    return;
  }
  let wanted = items;
  const find = createEl('input', {
    type: 'search',
    cls: 'operary-find',
    attr: { 'aria-label': formWords.find, placeholder: formWords.find },
  });
  list.before(find);
  const more = box.createEl('button', { cls: 'operary-next-page', attr: { type: 'button' } });
  const page = (): void => {
    const from = list.childElementCount;
    for (const item of wanted.slice(from, from + PAGE)) draw(list, item);
    const left = wanted.length - list.childElementCount;
    more.toggle(left > 0);
    more.setText(formWords.more(Math.min(PAGE, left), left));
  };
  more.onclick = () => {
    const from = list.childElementCount;
    page();
    list.children[from]?.querySelector<HTMLElement>('select, input')?.focus();
  };
  find.oninput = () => {
    const words = find.value.trim().toLowerCase();
    wanted = items.filter(({ title, detail }) => `${title} ${detail}`.toLowerCase().includes(words));
    list.empty();
    page();
  };
  page();
}
