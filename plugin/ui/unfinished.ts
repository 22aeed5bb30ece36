/** A form that may be closed before it is done: what was entered is kept, and at the top of the next one it is offered. */
import type { Draft } from '../drafts.ts';
import { formWords } from '../words/index.ts';

export interface Unfinished {
  /** Where something was left: to go on there, or not. */
  offer(parent: HTMLElement, goOn: (left: unknown) => void): void;
  /** The form stands as nobody has touched it. */
  begin(el: HTMLElement): void;
  keep(): void;
  done(): void;
}

export function unfinished(draft: Draft | undefined, entered: () => unknown): Unfinished {
  let untouched: string | undefined;
  const now = (): string => JSON.stringify(entered());
  const keep = (): void => {
    if (now() !== untouched) draft?.keep(entered());
  };
  return {
    offer(parent, goOn) {
      const left = draft?.left;
      // Whoever has begun has not taken it.
      if (left === undefined || untouched !== undefined) return;
      const label = formWords.unfinished;
      const box = parent.createDiv({ cls: 'operary-draft', attr: { role: 'group', 'aria-label': label } });
      box.createDiv({ text: label });
      const press = (text: string, then: () => void): void => {
        box.createEl('button', { text }).onclick = () => {
          box.remove();
          then();
          // The button has gone: the keyboard goes on in the form.
          if (!parent.contains(activeDocument.activeElement))
            parent.querySelector<HTMLElement>('textarea, input, select')?.focus();
        };
      };
      press(formWords.goOn, () => goOn(left));
      press(formWords.anew, () => draft!.drop());
    },
    begin(el) {
      untouched = now();
      el.onchange = keep;
    },
    keep,
    done() {
      draft?.drop();
      untouched = now();
    },
  };
}
