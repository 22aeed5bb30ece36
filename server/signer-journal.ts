/**
 * The signer's memory on disk: `keys/<org>/signer.log`, one line a head: `SIZE ROOT CHECKSUM`. Only appended to, into room that was made
 * before (overwriting syncs in half the time of growing), and synced before `store` returns; shortened to its last line when it is opened
 * or full. A last line that a crash cut off was never promised to anybody.
 */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { base64, fromBase64, sameBytes, sha256Hex, utf8 } from '../shared/kernel/bytes.ts';
import type { Head } from '../shared/kernel/ledger-on-store.ts';
import { Fault } from '../shared/kernel/refusal.ts';
import { keysFolder } from './keys.ts';
import { syncFolder } from './sync-folder.ts';

/** Where the last signed heads are remembered, outside the ledger. */
export interface HeadMemory {
  last(org: string): Head | undefined;
  /** Durable when it returns. */
  store(heads: ReadonlyMap<string, Head>): void;
  close(): void;
}

const ROOM = 65_536;

interface Journal {
  readonly file: string;
  last: Head | undefined;
  /** Where the next line goes: after the last good one, over whatever a failed write left there. */
  end: number;
  handle: number;
}

export function signerJournals(dataDir: string): HeadMemory {
  const journals = new Map<string, Journal>();
  const journalOf = (org: string): Journal => {
    let journal = journals.get(org);
    if (!journal) journals.set(org, (journal = openJournal(org, journalFile(dataDir, org))));
    return journal;
  };
  return {
    last: (org) => journalOf(org).last,
    store(heads) {
      for (const [org, head] of heads) append(org, journalOf(org), head);
    },
    close() {
      for (const { handle } of journals.values()) closeSync(handle);
      journals.clear();
    },
  };
}

const journalFile = (dataDir: string, org: string): string => join(keysFolder(dataDir, org), 'signer.log');

/** Without it a signer would start afresh, and take a shortened ledger for a whole one. */
export const hasSignerMemory = (dataDir: string, org: string): boolean => existsSync(journalFile(dataDir, org));

/** For those who only look: `fsck`. */
export const lastSignedHead = (dataDir: string, org: string): Head | undefined =>
  lastHead(org, journalFile(dataDir, org));

function openJournal(org: string, file: string): Journal {
  if (!existsSync(dirname(file)))
    throw new Fault(`There are no keys for organisation ${org} in ${dirname(file)}. Put them back from a backup.`);
  const last = lastHead(org, file);
  return { file, last, ...startedAnew(file, last ? lineOf(org, last) : '') };
}

/** Replaces the file by one with this text and room for more. */
function startedAnew(file: string, text: string): Pick<Journal, 'end' | 'handle'> {
  writeFileSync(`${file}.new`, text.padEnd(ROOM, '\n'), { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  syncFolder(dirname(file));
  return { end: text.length, handle: openSync(file, 'r+') };
}

function append(org: string, journal: Journal, head: Head): void {
  const { last } = journal;
  if (last?.size === head.size && sameBytes(last.root, head.root)) return;
  const line = utf8(lineOf(org, head));
  if (journal.end + line.length > ROOM) {
    const full = journal.handle;
    Object.assign(journal, startedAnew(journal.file, lineOf(org, head)));
    closeSync(full);
  } else {
    if (writeSync(journal.handle, line, 0, line.length, journal.end) < line.length)
      throw new Fault(`The signer's journal of ${org} could not be written to its end. Make room on the disk.`);
    fdatasyncSync(journal.handle);
    journal.end += line.length;
  }
  journal.last = head;
}

function lineOf(org: string, { size, root }: Head): string {
  const text = `${size} ${base64(root)}`;
  return `${text} ${sha256Hex(utf8(`${org} ${text}`)).slice(0, 16)}\n`;
}

function lastHead(org: string, file: string): Head | undefined {
  if (!existsSync(file)) return undefined;
  const heads = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => headIn(org, line));
  if (heads.slice(0, -1).includes(undefined))
    throw new Fault(`${file} is damaged. Put the newest copy of the data folder in place.`);
  return heads.findLast((head) => head !== undefined);
}

function headIn(org: string, line: string): Head | undefined {
  const [size = '', root = ''] = line.split(' ');
  try {
    const head = { size: Number(size), root: fromBase64(root) };
    return lineOf(org, head) === `${line}\n` ? head : undefined;
  } catch {
    return undefined;
  }
}
