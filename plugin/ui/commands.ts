/** The palette: one command for every word of the register that people may use, and a few of the device's own. */
import type { App, Plugin, TFile } from 'obsidian';
import type { Subject } from '../../shared/kernel/event.ts';
import type { CommandEntry, Register } from '../../shared/kernel/register.ts';
import { mayAtAll } from '../../shared/kernel/roles.ts';
import { targetsOf } from '../handover/offers.ts';
import type { Template } from '../handover/templates.ts';
import type { Host } from '../host.ts';
import type { Held } from '../replica.ts';
import { callerOf, isForPeople } from '../verbs.ts';
import { openCapture, perform } from './perform.ts';
import { commandsWords } from '../words/index.ts';

/** `tasks.sendBack` → `tasks-send-back` */
const idOf = (type: string): string => type.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace('.', '-');

export function heldIn(host: Host, file: TFile | null): Held | undefined {
  const key = file ? host.notebook.streamAt(file.path) : undefined;
  if (key === undefined) return undefined;
  const at = key.indexOf('/');
  return host.replica.get({ kind: key.slice(0, at), id: key.slice(at + 1) });
}

/** `host`: none while nobody is there in whose name anything could be asked. */
export function addRegisterCommands(
  plugin: Plugin,
  register: Register,
  host: () => Host | undefined,
  templates: () => readonly Template[],
): void {
  for (const entry of register.commands.values()) {
    if (!isForPeople(entry)) continue;
    plugin.addCommand({
      id: idOf(entry.type),
      name: entry.word.title,
      checkCallback: (isAsking) => {
        const current = host();
        const target = current ? targetOf(plugin, current, entry) : undefined;
        if (!current || !target) return false;
        if (!isAsking) act(current, entry, target.held);
        return true;
      },
    });
    if (entry.feature.capture?.verb === entry.verb) addCorrect(plugin, entry, host, templates);
  }

  function act(current: Host, entry: CommandEntry, held: Held | undefined): void {
    const here = hereIn(plugin, current);
    const all = here?.kind === entry.feature.kind ? [] : targetsOf(current, entry, here);
    if (entry.feature.capture?.verb === entry.verb && all.length > 1)
      openCapture(plugin.app, current, entry, all, templates());
    else perform(plugin.app, current, entry, held, templates());
  }
}

/** One of their own, struck and said anew; the line under the cursor, where it is one. */
function addCorrect(
  plugin: Plugin,
  entry: CommandEntry,
  host: () => Host | undefined,
  templates: () => readonly Template[],
): void {
  const { app } = plugin;
  plugin.addCommand({
    id: `${idOf(entry.type)}-correction`,
    name: commandsWords.correct,
    checkCallback(isAsking) {
      const current = host();
      const all = current?.me ? targetsOf(current, entry, hereIn(plugin, current)) : [];
      const { correctable } = entry.feature.capture!;
      const mine = all.filter(({ state }) => correctable(state, current!.me!.id, current!.scribe.around()).length);
      if (!current || !mine.length) return false;
      const editor = app.workspace.activeEditor?.editor;
      const line = editor ? editor.getLine(editor.getCursor().line) : '';
      if (!isAsking) openCapture(app, current, entry, mine, templates(), line);
      return true;
    },
  });
}

const hereIn = ({ app }: Plugin, host: Host): Held | undefined => heldIn(host, app.workspace.getActiveFile());

/** Something new can always be made; a verb needs the note of its item, unless it is clear without. */
function targetOf(plugin: Plugin, host: Host, entry: CommandEntry): { readonly held: Held | undefined } | undefined {
  const { word, feature } = entry;
  if (!host.me || !mayAtAll(callerOf(host.me), word.permission)) return undefined;
  if (word.creates) return { held: undefined };
  const held = hereIn(plugin, host);
  if (held?.kind === feature.kind) return { held };
  const [target] = targetsOf(host, entry, held);
  return target && { held: target };
}

export interface OwnCommands {
  openBoard(): void;
  showStatus(): void;
  retry(): void;
  restore(): void;
  showTrail(item: Subject): void;
  saveTrail(item: Subject): void;
  photosOf(file: TFile): readonly string[];
  showPhotos(names: readonly string[]): void;
  copyDiagnostics(): void;
  takeOver(): void;
  lock(): void;
  /** Whether somebody is there to go, of several who use this device. */
  mayLock(): boolean;
}

export function addOwnCommands(plugin: Plugin, host: () => Host | undefined, own: OwnCommands): void {
  const { workspace } = plugin.app;
  plugin.addCommand({ id: 'open-board', name: commandsWords.board, callback: () => own.openBoard() });
  plugin.addCommand({ id: 'show-status', name: commandsWords.status, callback: () => own.showStatus() });
  plugin.addCommand({
    id: 'copy-diagnostics',
    name: commandsWords.copyDiagnostics,
    callback: () => own.copyDiagnostics(),
  });
  plugin.addCommand({ id: 'take-over', name: commandsWords.takeOver, callback: () => own.takeOver() });
  plugin.addCommand({
    id: 'lock',
    name: commandsWords.lock,
    checkCallback: (isAsking) => {
      if (!own.mayLock()) return false;
      if (!isAsking) own.lock();
      return true;
    },
  });
  plugin.addCommand({ id: 'retry', name: commandsWords.retry, callback: () => own.retry() });
  plugin.addCommand({ id: 'restore-notes', name: commandsWords.restore, callback: () => own.restore() });
  plugin.addCommand({
    id: 'show-photos',
    name: commandsWords.photos,
    checkCallback: (isAsking) => {
      const file = workspace.getActiveFile();
      const names = file ? own.photosOf(file) : [];
      if (names.length && !isAsking) own.showPhotos(names);
      return names.length > 0;
    },
  });
  const ofNote = (id: string, name: string, act: (item: Subject) => void): void =>
    void plugin.addCommand({
      id,
      name,
      checkCallback: (isAsking) => {
        const [current, file] = [host(), workspace.getActiveFile()];
        const item = current && file ? (heldIn(current, file) ?? itemIn(plugin.app, current, file)) : undefined;
        if (!item) return false;
        if (!isAsking) act(item);
        return true;
      },
    });
  ofNote('show-trail', commandsWords.trail, (item) => own.showTrail(item));
  ofNote('save-trail', commandsWords.saveTrail, (item) => own.saveTrail(item));
}

/** What the properties of a note say that it is about, where this device holds that no longer: a task that was finished long ago. */
export function itemIn(app: App, { register }: Host, file: TFile): Subject | undefined {
  const front = app.metadataCache.getFileCache(file)?.frontmatter as Readonly<Record<string, unknown>> | undefined;
  const [kind, id] = [front?.['operary_type'], front?.['operary_id']];
  return typeof kind === 'string' && typeof id === 'string' && register.byKind.has(kind) ? { kind, id } : undefined;
}
