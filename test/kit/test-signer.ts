/** A signer with a fixed key per organisation that remembers its heads in memory and refuses, as the real one, what does not continue them. */
import { sha256, utf8 } from '../../shared/kernel/bytes.ts';
import type { Head, LogSigner } from '../../shared/kernel/ledger-on-store.ts';
import { Fault } from '../../shared/kernel/refusal.ts';
import { signCheckpoint } from '../../shared/proof/checkpoint.ts';
import { vkey } from '../../shared/proof/note.ts';
import { fingerprint, signerFromSeed, signSshsig, sshPublicKey, type Signer } from '../../shared/proof/sshsig.ts';
import { verifyConsistency } from '../../shared/proof/tree.ts';

const keys = new Map<string, Signer>();
function keyOf(role: string, org: string): Signer {
  const name = `test ${role} key of ${org}`;
  const known = keys.get(name) ?? signerFromSeed(sha256(utf8(name)));
  keys.set(name, known);
  return known;
}

export const originOf = (org: string): string => `operary.internal/${org}`;
export const logKeyOf = (org: string): string => vkey(originOf(org), keyOf('log', org).publicKey);
export const sealKeyOf = (org: string): Uint8Array => keyOf('seal', org).publicKey;
export const publicKeysOf = (org: string) => ({
  root: fingerprint(keyOf('root', org).publicKey),
  log: logKeyOf(org),
  seal: sshPublicKey(sealKeyOf(org)),
});

export function testSigner(): LogSigner {
  const heads = new Map<string, Head>();
  return {
    attest: (org, namespace, text) => signSshsig(keyOf('seal', org), namespace, utf8(text)),
    head: (org) => heads.get(org),
    sign(org, head, proof) {
      const before = heads.get(org);
      if (before?.size && !verifyConsistency(before.size, head.size, before.root, head.root, proof))
        throw new Fault(`The new head of ${org} does not continue the old one.`);
      const { publicKey, sign } = keyOf('log', org);
      return signCheckpoint({ origin: originOf(org), ...head }, { name: originOf(org), publicKey, sign });
    },
    store(moved) {
      for (const [org, head] of moved) heads.set(org, head);
    },
  };
}
