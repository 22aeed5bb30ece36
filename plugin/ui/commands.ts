/** The palette: one command for every word of the register that people may use, and a few of the device's own. */
import type { Plugin, TFile } from 'obsidian';
import type { CommandEntry, Register } from '../../shared/kernel/register.ts';
import { mayAtAll } from '../../shared/kernel/roles.ts';
import type { Host } from '../host.ts';
import type { Held } from '../replica.ts';
import { callerOf, isForPeople } from '../verbs.ts';
import { perform } from './perform.ts';

/** `tasks.sendBack` → `tasks-send-back` */
const idOf = (type: string): string => type.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace('.', '-');

export function heldIn(host: Host, file: TFile | null): Held | undefined {
  const key = file ? host.notebook.streamAt(file.path) : undefined;
  if (key === undefined) return undefined;
  const at = key.indexOf('/');
  return host.replica.get({ kind: key.slice(0, at), id: key.slice(at + 1) });
}

/** `host`: none while nobody is there in whose name anything could be asked. */
export function addRegisterCommands(plugin: Plugin, register: Register, host: () => Host | undefined): void {
  for (const entry of register.commands.values()) {
    if (!isForPeople(entry)) continue;
    plugin.addCommand({
      id: idOf(entry.type),
      name: entry.word.title,
      checkCallback: (isAsking) => {
        const current = host();
        const target = current ? targetOf(plugin, current, entry) : undefined;
        if (!current || !target) return false;
        if (!isAsking) perform(plugin.app, current, entry, target.held);
        return true;
      },
    });
  }
}

/** Something new can always be made; a verb needs the note of its item. */
function targetOf(
  plugin: Plugin,
  host: Host,
  { word, feature }: CommandEntry,
): { readonly held: Held | undefined } | undefined {
  if (!host.me || !mayAtAll(callerOf(host.me), word.permission)) return undefined;
  if (word.creates) return { held: undefined };
  const held = heldIn(host, plugin.app.workspace.getActiveFile());
  return held?.kind === feature.kind ? { held } : undefined;
}

export interface OwnCommands {
  openBoard(): void;
  showStatus(): void;
  retry(): void;
  restore(): void;
  verifySeal(file: TFile): void;
  canVerify(file: TFile): boolean;
  showTrail(held: Held): void;
  takeOver(): void;
  lock(): void;
  /** Whether somebody is there to go, of several who use this device. */
  mayLock(): boolean;
}

export function addOwnCommands(plugin: Plugin, host: () => Host | undefined, own: OwnCommands): void {
  const { workspace } = plugin.app;
  plugin.addCommand({ id: 'open-board', name: 'Open shift board', callback: () => own.openBoard() });
  plugin.addCommand({ id: 'show-status', name: 'Show sync status', callback: () => own.showStatus() });
  plugin.addCommand({ id: 'take-over', name: 'Take over this device', callback: () => own.takeOver() });
  plugin.addCommand({
    id: 'lock',
    name: 'Lock this device',
    checkCallback: (isAsking) => {
      if (!own.mayLock()) return false;
      if (!isAsking) own.lock();
      return true;
    },
  });
  plugin.addCommand({ id: 'retry', name: 'Retry now', callback: () => own.retry() });
  plugin.addCommand({ id: 'restore-notes', name: 'Restore notes', callback: () => own.restore() });
  plugin.addCommand({
    id: 'verify-seal',
    name: 'Verify seal',
    checkCallback: (isAsking) => {
      const file = workspace.getActiveFile();
      if (!file || !own.canVerify(file)) return false;
      if (!isAsking) own.verifySeal(file);
      return true;
    },
  });
  plugin.addCommand({
    id: 'show-trail',
    name: 'Show audit trail of this note',
    checkCallback: (isAsking) => {
      const current = host();
      const held = current ? heldIn(current, workspace.getActiveFile()) : undefined;
      if (!held) return false;
      if (!isAsking) own.showTrail(held);
      return true;
    },
  });
}
