/** Signs checkpoints and seals. A checkpoint is signed only when it verifiably continues the last one that was stored (L8). */
import { utf8 } from '../shared/kernel/bytes.ts';
import type { Head, LogSigner } from '../shared/kernel/ledger-on-store.ts';
import { Fault } from '../shared/kernel/refusal.ts';
import { signCheckpoint } from '../shared/proof/checkpoint.ts';
import { signSshsig } from '../shared/proof/sshsig.ts';
import { verifyConsistency } from '../shared/proof/tree.ts';
import type { Keyring, OrganisationTrust } from './host/keyring.ts';
import { organisationKeys, organisationTrust, originOf, type OrganisationKeys } from './keys.ts';
import { signerJournals, type HeadMemory } from './signer-journal.ts';

export function createSigner(keysOf: (org: string) => OrganisationKeys, memory: HeadMemory): LogSigner {
  return {
    attest: (org, namespace, text) => signSshsig(keysOf(org).seal, namespace, utf8(text)),
    head: (org) => memory.last(org),
    sign(org, head, proof) {
      requireContinuation(org, memory.last(org), head, proof);
      const { log } = keysOf(org);
      return signCheckpoint({ origin: log.name, size: head.size, root: head.root }, log);
    },
    store: (heads) => memory.store(heads),
  };
}

function requireContinuation(org: string, last: Head | undefined, head: Head, proof: readonly Uint8Array[]): void {
  if (!last?.size) return;
  if (head.size < last.size)
    throw new Fault(
      `The log of ${org} had ${last.size} entries when it was signed last and now has ${head.size}. A log only grows.`,
    );
  if (!verifyConsistency(last.size, head.size, last.root, head.root, proof))
    throw new Fault(
      `The first ${last.size} entries of ${org} are not those that were signed. Somebody changed the ledger's file; run \`operary fsck\`.`,
    );
}

export interface DiskSigner extends LogSigner, Keyring {
  close(): void;
}

/** Finds the keys of an organisation when it is first asked for it, so that one made meanwhile needs no restart. */
export function openSigner(dataDir: string, { origin }: { readonly origin: string }): DiskSigner {
  const memory = signerJournals(dataDir);
  const keys = new Map<string, OrganisationKeys>();
  const trusts = new Map<string, OrganisationTrust>();
  const signer = createSigner((org) => remembered(keys, org, () => organisationKeys(dataDir, org, origin)), memory);
  return {
    ...signer,
    trust: (org) => remembered(trusts, org, () => organisationTrust(dataDir, org)),
    origin: (org) => originOf(origin, org),
    close: () => memory.close(),
  };
}

function remembered<V>(map: Map<string, V>, key: string, find: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = find()));
  return value;
}
