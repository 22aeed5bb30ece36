/** Puts a picture on the screen. */
import type { Shape } from '../pictures/shape.ts';

/** `open` hears the item whose part was pressed, by mouse, finger or key. */
export function draw(parent: Node, { tag, attrs, parts, opens }: Shape, open: (item: string) => void): void {
  const { class: kinds, ...attr } = attrs;
  const el = parent.createSvg(tag, { attr, ...(typeof kinds === 'string' ? { cls: kinds.split(' ') } : {}) });
  for (const part of parts) {
    if (typeof part === 'string') el.appendText(part);
    else draw(el, part, open);
  }
  if (opens === undefined) return;
  el.addEventListener('click', () => open(opens));
  el.addEventListener('keydown', (event) => {
    const { key } = event as KeyboardEvent;
    if (key !== 'Enter' && key !== ' ') return;
    event.preventDefault();
    open(opens);
  });
}
