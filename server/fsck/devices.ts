/** What devices signed, against the entries that name it and the keys that the log knows. */
import { fromBase64, sha256HexOfText, utf8 } from '../../shared/kernel/bytes.ts';
import type { LeafV1 } from '../../shared/proof/leaf.ts';
import { verifyEd25519 } from '../../shared/proof/ed25519.ts';
import { tableName } from '../ledger/schema.ts';
import { atMost, type Check } from './ground.ts';

const NAMED = 10;

interface SignedRecord {
  readonly seq: number;
  readonly text: string;
  readonly signature: string;
  readonly leaf: Buffer | null;
}

export const signatures: Check = ({ db, no, register: { devices } }, find) => {
  const isThere = db.prepare<[], 1>(`SELECT 1 FROM sqlite_schema WHERE name = 'signed'`).pluck().get();
  if (!isThere || !devices) return;
  const few = atMost(NAMED, find, (more) => `… and ${more} more signed commands like these.`);
  const stateOf = db
    .prepare<[number, string], string>(`SELECT value FROM ${tableName(devices.name)} WHERE org = ? AND key = ?`)
    .pluck();
  const all = db.prepare<[number], SignedRecord>(
    'SELECT s.seq, s.text, s.signature, e.leaf FROM signed s LEFT JOIN event e ON e.org = s.org AND e.seq = s.seq WHERE s.org = ? ORDER BY s.seq',
  );
  for (const { seq, text, signature, leaf } of all.iterate(no)) {
    if (!leaf) {
      few.find(`There is a signed command for entry ${seq}, which is missing.`);
      continue;
    }
    const { command, device } = JSON.parse(leaf.toString('utf8')) as LeafV1;
    const state = device === null ? undefined : stateOf.get(no, device);
    if (command.sha256 !== sha256HexOfText(text))
      few.find(`The signed command of entry ${seq} is not the one it names.`);
    else if (!state) few.find(`Entry ${seq} was signed by the device ${device}, which nobody has paired.`);
    else if (!isBy(devices.devices!(JSON.parse(state)).publicKey, text, signature))
      few.find(`The command of entry ${seq} is not signed by its device.`);
  }
  few.end();
};

function isBy(publicKey: string, text: string, signature: string): boolean {
  try {
    return verifyEd25519(fromBase64(signature), utf8(text), fromBase64(publicKey));
  } catch {
    return false;
  }
}
