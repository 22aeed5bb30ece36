/** Key scopes: the innermost one that handles a key wins; `false` from a handler stops the event. */

type Handler = {
  modifiers: string[] | null;
  key: string | null;
  func: (event: KeyboardEvent, context: unknown) => unknown;
  scope: Scope;
};

export class Scope {
  parent__: Scope | null;
  handlers__: Handler[] = [];

  constructor(parent?: Scope) {
    this.parent__ = parent ?? null;
  }

  register(modifiers: string[] | null, key: string | null, func: Handler['func']): Handler {
    const handler = { modifiers, key, func, scope: this };
    this.handlers__.push(handler);
    return handler;
  }

  unregister(handler: Handler): void {
    this.handlers__ = this.handlers__.filter((other) => other !== handler);
  }

  handle__(event: KeyboardEvent): void {
    for (const { modifiers, key, func } of this.handlers__) {
      if (key !== null && key.toLowerCase() !== event.key.toLowerCase()) continue;
      if (
        modifiers !== null &&
        pressed(event) !== [...new Set(modifiers.map((name) => (name === 'Mod' ? 'Ctrl' : name)))].sort().join()
      )
        continue;
      if (func(event, { modifiers: pressed(event), key: event.key, vkey: event.code }) === false)
        event.preventDefault();
      return;
    }
    this.parent__?.handle__(event);
  }
}

const pressed = (event: KeyboardEvent): string =>
  [event.altKey && 'Alt', event.ctrlKey && 'Ctrl', event.metaKey && 'Meta', event.shiftKey && 'Shift']
    .filter(Boolean)
    .join();

export class Keymap {
  stack__: Scope[] = [];

  constructor() {
    // Before the editor and whatever else has the focus.
    document.addEventListener('keydown', (event) => this.stack__.at(-1)?.handle__(event), { capture: true });
  }

  static isModifier(event: KeyboardEvent | MouseEvent, modifier: string): boolean {
    return pressed(event as KeyboardEvent)
      .split(',')
      .includes(modifier === 'Mod' ? 'Ctrl' : modifier);
  }

  static isModEvent(event?: KeyboardEvent | MouseEvent | null): boolean | 'tab' | 'split' | 'window' {
    if (!event) return false;
    if ('button' in event && event.button === 1) return 'tab';
    if (!Keymap.isModifier(event, 'Mod')) return false;
    if (!Keymap.isModifier(event, 'Alt')) return 'tab';
    return Keymap.isModifier(event, 'Shift') ? 'window' : 'split';
  }

  pushScope(scope: Scope): void {
    this.stack__.push(scope);
  }

  popScope(scope: Scope): void {
    this.stack__ = this.stack__.filter((other) => other !== scope);
  }
}
