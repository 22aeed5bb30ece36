/** The sealed record and its audit trail, made of nothing but the evidence bundle, so that every device writes the same bytes (L6). */
import { textOf } from '../../kernel/bytes.ts';
import type { NoteText, Region, Surroundings } from '../../kernel/note.ts';
import { localDateTime, monthFolder } from '../../kernel/local-time.ts';
import { inline, wikilink } from '../../kernel/markdown.ts';
import { FILE } from '../../proof/layout.ts';
import { reportRegion, sealRegion } from '../../proof/sealed-note.ts';
import { parseSshPublicKey } from '../../proof/ssh-key.ts';
import { auditTable } from './audit-table.ts';
import type { ShiftState } from './contract.ts';
import { isUnaccepted } from './predecessor.ts';
import { SEALED_BY_CLOCK } from './wording.ts';
import { addendumName, auditName, SEALED_NOTES, sealedName } from './note-names.ts';

type Files = ReadonlyMap<string, Uint8Array>;

export function sealedNotes(state: ShiftState, name: string, files: Files, around: Surroundings): readonly NoteText[] {
  const { seal } = state;
  if (!seal) return [];
  const { zone } = around;
  const month = monthFolder(state.from, zone);
  const times = { area: state.area, from: localDateTime(state.from, zone), to: localDateTime(state.to, zone) };
  const sealed: NoteText = {
    type: SEALED_NOTES.record,
    folder: `Sealed/${month}`,
    name: sealedName(name),
    seq: seal.seq,
    sealed: true,
    properties: {
      status: 'sealed',
      ...times,
      sealed_at: localDateTime(seal.at, zone),
      kind: seal.kind,
      entries: seal.entries,
      first_seq: seal.firstSeq,
      last_seq: seal.lastSeq,
      report_sha256: seal.reportSha256,
      seal_sha256: seal.sealSha256,
      shift: wikilink(name),
      audit: wikilink(auditName(name)),
      tags: ['operary/sealed'],
      cssclasses: ['operary-sealed'],
    },
    regions: [
      {
        name: 'header',
        markdown: `> [!${isUnaccepted(state) ? `warning] S${SEALED_BY_CLOCK.slice(1)}:` : 'success] Sealed'} ${localDateTime(seal.at, zone).replace('T', ' ')} · entries #${seal.firstSeq}–#${seal.lastSeq}\n> This is the record and it does not change. Check it with \`operary verify\` or the command "Verify seal".\n> Anything that came after the seal stands in ${wikilink(addendumName(name))}.\n`,
      },
      bare('report', reportRegion(fileText(files, FILE.report))),
      bare('seal', sealOf(files)),
    ],
  };
  const audit: NoteText = {
    type: 'audit-trail',
    folder: `Audit/${month}`,
    name: auditName(name),
    seq: seal.seq,
    sealed: true,
    properties: {
      ...times,
      first_seq: seal.firstSeq,
      last_seq: seal.lastSeq,
      shift: wikilink(name),
      sealed: wikilink(sealedName(name)),
      tags: ['operary/audit'],
      cssclasses: ['operary-sealed', 'operary-wide'],
    },
    regions: [
      {
        name: 'header',
        markdown: `> [!info] Every entry of ${inline(state.name)}, ${state.area}, as it stands in the log\n> Root of the shift: \`${seal.shiftRoot}\`\n`,
      },
      { name: 'audit', markdown: auditTable(files, around) },
    ],
  };
  return [sealed, audit];
}

/** A region that `shared/proof` made, without the marker lines that the notebook writes itself. */
const bare = (name: string, region: string): Region => ({
  name,
  markdown: region.slice(region.indexOf('\n') + 1, region.lastIndexOf('\n')),
});

const sealOf = (files: Files): string =>
  sealRegion({
    sealText: fileText(files, FILE.seal),
    signature: fileText(files, FILE.sealSignature),
    trustText: fileText(files, FILE.trust),
    trustSignature: fileText(files, FILE.trustSignature),
    rootKey: parseSshPublicKey(fileText(files, FILE.rootKey).trimEnd()),
  });

export function fileText(files: Files, path: string): string {
  const bytes = files.get(path);
  if (!bytes) throw new Error(`The evidence bundle has no ${path}.`);
  return textOf(bytes);
}
