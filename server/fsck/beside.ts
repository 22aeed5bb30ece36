/** What is kept beside the entries: disclosed values, outcomes, attestations, files. */
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import type { Outcome } from '../../shared/kernel/command.ts';
import { discloseBody, type LeafV1 } from '../../shared/proof/leaf.ts';
import { parseSshPublicKey, verifySshsig } from '../../shared/proof/sshsig.ts';
import { disclosuresOf } from '../ledger/inked.ts';
import { atMost, reasonOf, type Check } from './ground.ts';

const NAMED = 10;
const leafOf = (leaf: Buffer): LeafV1 => JSON.parse(leaf.toString('utf8')) as LeafV1;

/** A value that is not there was erased, which is lawful; one that is there must be the one committed to. */
export const disclosures: Check = ({ db, no }, find) => {
  const few = atMost(NAMED, find, (more) => `… and ${more} more disclosed values like these.`);
  const all = db.prepare<[number], { seq: number; fields: string; leaf: Buffer | null }>(
    'SELECT d.seq, d.fields, e.leaf FROM disclosure d LEFT JOIN event e ON e.org = d.org AND e.seq = d.seq WHERE d.org = ? ORDER BY d.seq',
  );
  for (const { seq, fields, leaf } of all.iterate(no)) {
    if (!leaf) {
      few.find(`There are disclosed values for entry ${seq}, which is missing.`);
      continue;
    }
    try {
      discloseBody(leafOf(leaf).body, disclosuresOf(fields));
    } catch (error) {
      few.find(`The disclosed values of entry ${seq} do not fit it: ${reasonOf(error)}`);
    }
  }
  few.end();
};

/**
 * Every written outcome points at entries of that very command; and every entry either names its command, which is its outcome, or has
 * one written. Only what witnesses a refusal, in the organisation's own stream, has neither.
 */
export const outcomes: Check = ({ db, no, org }, find) => {
  const few = atMost(NAMED, find, (more) => `… and ${more} more outcomes like these.`);
  const leaf = db.prepare<[number, number], Buffer>('SELECT leaf FROM event WHERE org = ? AND seq = ?').pluck();
  const all = db.prepare<[number], { id: string; sha256: string; outcome: string }>(
    'SELECT id, sha256, outcome FROM command WHERE org = ?',
  );
  for (const { id, sha256, outcome } of all.iterate(no)) {
    try {
      const kept = JSON.parse(outcome) as Outcome;
      if (kept.outcome === 'rejected') continue;
      for (const seq of kept.seqs) {
        const found = leaf.get(no, seq);
        if (!found) few.find(`Command ${id} was answered with entry ${seq}, which is missing.`);
        else if (leafOf(found).command.id !== id || leafOf(found).command.sha256 !== sha256)
          few.find(`Command ${id} was answered with entry ${seq}, which another command made.`);
      }
    } catch (error) {
      few.find(`The outcome of command ${id} cannot be read: ${reasonOf(error)}`);
    }
  }
  const written = db.prepare<[number, string], 1>('SELECT 1 FROM command WHERE org = ? AND id = ?').pluck();
  const nameless = db.prepare<[number, string], { seq: number; leaf: Buffer }>(
    'SELECT seq, leaf FROM event WHERE org = ? AND command IS NULL AND subject <> ? ORDER BY seq',
  );
  for (const entry of nameless.iterate(no, org)) {
    const { id } = leafOf(entry.leaf).command;
    if (!written.get(no, id)) few.find(`The outcome of command ${id}, which made entry ${entry.seq}, was removed.`);
  }
  few.end();
};

export const attestations: Check = ({ db, no, trust, register }, find) => {
  const publicKey = trust && parseSshPublicKey(trust.sealKey);
  const all = db.prepare<[number], { seq: number; namespace: string; text: string; signature: string }>(
    'SELECT seq, namespace, text, signature FROM attestation WHERE org = ? ORDER BY seq, n',
  );
  const attested = new Set<number>();
  for (const { seq, namespace, text, signature } of all.iterate(no)) {
    attested.add(seq);
    if (publicKey && !verifySshsig({ armor: signature, namespace, message: utf8(text), publicKey }))
      find(`The text attested with entry ${seq} is not the one that the seal key signed.`);
  }
  const types = [...register.events].filter(([, { word }]) => word.attests).map(([type]) => type);
  const due = db
    .prepare<string[], number>(
      `SELECT seq FROM event WHERE org = ? AND type IN (${types.map(() => '?').join(', ')}) ORDER BY seq`,
    )
    .pluck();
  for (const seq of types.length ? due.all(String(no), ...types) : [])
    if (!attested.has(seq)) find(`The text attested with entry ${seq} is missing.`);
};

export const files: Check = ({ db, no }, find) => {
  const all = db.prepare<[number], { sha256: string; bytes: Buffer }>('SELECT sha256, bytes FROM file WHERE org = ?');
  for (const { sha256, bytes } of all.iterate(no))
    if (sha256Hex(bytes) !== sha256) find(`The file ${sha256} was changed: its bytes have another hash.`);
};
