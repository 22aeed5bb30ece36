/** What people do with sealed records: verify them, take the evidence out, see what somebody changed. */
import { Notice, type App, type Plugin, type TFile } from 'obsidian';
import { sha256Hex, textOf } from '../../shared/kernel/bytes.ts';
import type { Register } from '../../shared/kernel/register.ts';
import { utc } from '../../shared/kernel/schema.ts';
import { FILE } from '../../shared/proof/layout.ts';
import { lateWords, recordOf, sealedWords } from '../audit/archive.ts';
import { differences } from '../audit/difference.ts';
import { createKept, type BundleStore, type KeptBundle, type Taken } from '../audit/kept.ts';
import { keepVerdict, lastVerdict, verdictWords } from '../audit/verdicts.ts';
import type { Given } from '../audit/verifying.ts';
import { filesIn, filesSlowlyIn } from '../bundles.ts';
import { breathe } from '../device/clock.ts';
import type { Export } from '../device/exports.ts';
import type { Host } from '../host.ts';
import type { Clock, Link } from '../link.ts';
import { ROOT } from '../notes/notebook.ts';
import type { Memory, NoteFiles } from '../notes/ports.ts';
import { lastCopyOf, noteAbout, originalOf } from '../notes/sealed.ts';
import { keyOf, type Held } from '../replica.ts';
import { ChecklistModal } from './checklist.ts';
import { heldIn } from './commands.ts';
import { DifferenceModal } from './difference.ts';
import { ExportedModal } from './exported.ts';
import { showBanners } from './seal-banner.ts';
import { auditWords, commandsWords } from '../words/index.ts';

const NOTICE_MS = 8000;
const isSelfProving = (text: string): boolean => /^%% operary:seal %%\r?$/m.test(text);

export interface AuditParts {
  readonly app: App;
  readonly host: () => Host | undefined;
  readonly memory: Memory;
  readonly link: Link;
  readonly clock: Clock;
  readonly register: Register;
  readonly files: NoteFiles;
  readonly store: BundleStore;
  readonly exportFile: Export;
  /** How many days of shifts this vault holds. */
  readonly pastDays: () => number;
  /** The organisation's fingerprint as somebody has entered it, or empty. */
  readonly root: () => string;
  readonly enterRoot: (root: string) => Promise<void>;
  readonly changed: () => void;
}

export interface Audit {
  readonly verify: (held: Held) => void;
  readonly exportEvidence: (held: Held) => void;
  readonly verdict: (held: Held) => string;
  /** Shows what was changed in the sealed note that a concern is about; none when no copy of it is kept. */
  readonly differenceAbout: (about: string) => (() => void) | undefined;
  readonly start: (plugin: Plugin) => void;
  /** What kept bundles take. */
  readonly taken: () => Taken;
  /** Something that the banners tell may have changed. */
  readonly moved: () => void;
}

export function createAudit(parts: AuditParts): Audit {
  const { app, memory, register, files, host } = parts;
  const tell = (sentence: string): void => void new Notice(sentence, NOTICE_MS);
  const kept = createKept(parts.store, parts.link, parts.clock, register, tell, parts.pastDays);
  let moved = (): void => undefined;
  const words = (id: string): string =>
    verdictWords(lastVerdict(memory, id), host()?.scribe.organisation.zone ?? 'UTC');
  const sealedAt = (file: TFile): Held | undefined => {
    const current = host();
    const held = current && heldIn(current, file);
    return held && recordOf(register, held) ? held : undefined;
  };

  function check(title: string, held: Held | undefined, note: string | undefined): void {
    let at: number | undefined;
    const given = async (bundle: KeptBundle | undefined): Promise<Given> => {
      at = bundle?.seq;
      return { note, bundle: bundle && (await filesSlowlyIn(bundle.zip, breathe)), root: parts.root() };
    };
    new ChecklistModal(app, {
      title,
      here: async () => {
        const bundle = held && (await kept.held(held.id));
        try {
          return await given(bundle);
        } catch {
          // What lies here cannot be unpacked: as if it were not here.
          return given(undefined);
        }
      },
      fetch: held && (async () => given(await kept.fetched(held))),
      root: parts.root,
      enterRoot: parts.enterRoot,
      isBehind: () => held !== undefined && at !== undefined && (host()?.replica.get(held)?.seq ?? 0) > at,
      done({ verification }) {
        const id = held?.id ?? verification.shift;
        if (id !== undefined) keepVerdict(memory, id, verification, utc(parts.clock.now()));
        parts.changed();
      },
    }).open();
  }

  async function verifyFile(file: TFile): Promise<void> {
    const text = await app.vault.read(file);
    check(file.basename, sealedAt(file), isSelfProving(text) ? text : undefined);
  }

  async function verify(held: Held): Promise<void> {
    const path = host()?.notebook.pathOf(keyOf(held), recordOf(register, held)?.notes.record);
    const text = path !== undefined && files.exists(path) ? await files.read(path) : undefined;
    const { titleOf } = register.byKind.get(held.kind)!;
    check(
      titleOf(held.state, host()?.scribe.organisation.zone),
      held,
      text !== undefined && isSelfProving(text) ? text : undefined,
    );
  }

  async function exportEvidence(held: Held): Promise<void> {
    try {
      const { bundle, isEarlier } = await kept.newest(held);
      if (isEarlier) tell(auditWords.earlier);
      const name = recordOf(register, held)!.name;
      const path = await parts.exportFile(`${ROOT}/Evidence`, name, 'zip', bundle.zip);
      const readme = textOf(filesIn(bundle.zip).get(FILE.readme) ?? new Uint8Array());
      new ExportedModal(app, {
        path,
        sha256: sha256Hex(bundle.zip),
        zip: [auditWords.command(path.slice(path.lastIndexOf('/') + 1), parts.root() || 'FINGERPRINT')],
        folder: [...readme.matchAll(/^ {4}((?:sha256sum|ssh-keygen) .*)$/gm)].map(([, line]) => line!),
      }).open();
    } catch (error) {
      tell(auditWords.notExported(error instanceof Error ? error.message : String(error)));
    }
  }

  async function showDifference(note: string, copy: string): Promise<void> {
    try {
      const [was, now] = [await files.read(note), await files.read(copy)];
      new DifferenceModal(app, copy, differences(was, now)).open();
    } catch {
      tell(auditWords.copyGone);
    }
  }

  /** Of a sealed note its last changed copy, of such a copy the note. */
  function pairAt({ path }: TFile): readonly [note: string, copy: string] | undefined {
    const original = originalOf(path);
    if (original !== undefined) return host()?.notebook.isSealed(original) ? [original, path] : undefined;
    const copy = host()?.notebook.isSealed(path) ? lastCopyOf(files, path) : undefined;
    return copy === undefined ? undefined : [path, copy];
  }

  return {
    verify: (held) => void verify(held),
    exportEvidence: (held) => void exportEvidence(held),
    verdict: ({ id }) => words(id),
    differenceAbout(about) {
      const note = noteAbout(memory, about);
      const copy = note === undefined ? undefined : lastCopyOf(files, note);
      return note !== undefined && copy !== undefined ? () => void showDifference(note, copy) : undefined;
    },
    taken: () => kept.taken,
    moved: () => moved(),
    start(plugin) {
      const ofFile = <T>(
        id: string,
        name: string,
        find: (file: TFile) => T | undefined,
        act: (found: T) => void,
      ): void =>
        void plugin.addCommand({
          id,
          name,
          checkCallback: (isAsking) => {
            const file = app.workspace.getActiveFile();
            const found = file ? find(file) : undefined;
            if (found !== undefined && !isAsking) act(found);
            return found !== undefined;
          },
        });
      const sealed = (file: TFile): TFile | undefined =>
        sealedAt(file) || host()?.notebook.isSealed(file.path) ? file : undefined;
      ofFile('verify-seal', commandsWords.verifySeal, sealed, (file) => void verifyFile(file));
      ofFile('export-evidence', commandsWords.exportEvidence, sealedAt, (held) => void exportEvidence(held));
      ofFile('show-difference', commandsWords.showDifference, pairAt, (pair) => void showDifference(...pair));
      moved = showBanners(plugin, (path) => {
        const current = host();
        const file = current?.notebook.isSealed(path) ? app.vault.getFileByPath(path) : null;
        const held = file && sealedAt(file);
        const record = held && recordOf(register, held);
        if (!current || !record) return undefined;
        const { userName } = current.scribe.around();
        return {
          sealed: `${sealedWords(record, { userName, zone: current.scribe.organisation.zone })}.`,
          late: record.late ? auditWords.afterSeal(lateWords(record)) : auditWords.nothingAfter,
          lateNote: record.late ? current.notebook.pathOf(keyOf(held), record.notes.late) : undefined,
          verdict: words(held.id),
        };
      });
    },
  };
}
