/** Names for those who hear a screen: a setting's own words belong to its controls. */
import type { Setting } from 'obsidian';

let named = 0;

/** An id that nothing else on this screen has. */
export function freshId(): string {
  named += 1;
  return `operary-name-${named}`;
}

export function nameControls({ nameEl, descEl, controlEl }: Setting): void {
  nameEl.id = freshId();
  descEl.id = freshId();
  for (const control of Array.from(controlEl.querySelectorAll('input, textarea, select, .checkbox-container'))) {
    control.setAttribute('aria-labelledby', nameEl.id);
    control.setAttribute('aria-describedby', descEl.id);
  }
}
