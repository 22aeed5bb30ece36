/** A person whose actions are counted: a command chosen, a press, a choice, a key that is not text. What they type as text is not. */
import { expect } from 'vitest';
import type { VaultClient } from './harness/client.ts';

export interface Counted {
  readonly actions: readonly string[];
  run(command: string): Promise<void>;
  press(button: string): Promise<void>;
  choose(name: string, value: string): Promise<void>;
  tick(name: string): Promise<void>;
  key(keys: string): Promise<void>;
  /** Into whatever has the focus. */
  types(text: string): Promise<void>;
  writes(name: string, text: string): Promise<void>;
  atMost(actions: number): void;
}

export function counted(vault: VaultClient): Counted {
  const actions: string[] = [];
  const did = async (what: string, act: Promise<unknown>): Promise<void> => {
    actions.push(what);
    await act;
  };
  return {
    actions,
    run: (command) =>
      did(
        command,
        vault.run(command).then((ran) => expect(ran, command).toBe(true)),
      ),
    press: (button) => did(`press ${button}`, vault.modal.press(button)),
    choose: (name, value) => did(`${name}: ${value}`, vault.modal.fill(name, value)),
    tick: (name) => did(`tick ${name}`, vault.page.locator('.modal').getByLabel(name).check()),
    key: (keys) => did(keys, vault.press(keys)),
    types: (text) => vault.page.keyboard.type(text),
    writes: (name, text) => vault.modal.fill(name, text),
    atMost(most) {
      expect(actions.length, actions.join(', ')).toBeLessThanOrEqual(most);
    },
  };
}
