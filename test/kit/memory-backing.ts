/** An installation's ground in memory: real signatures with the test keys, nothing on disk. */
import { randomUUID } from 'node:crypto';
import SqliteDatabase from 'better-sqlite3';
import { sha256, utf8 } from '../../shared/kernel/bytes.ts';
import { memoryStore } from '../../shared/kernel/memory-store.ts';
import { signerFromSeed, signSshsig } from '../../shared/proof/sshsig.ts';
import { TRUST_NAMESPACE, trustText } from '../../shared/proof/trust.ts';
import { memoryCursors } from '../../server/followers/cursors.ts';
import type { Backing } from '../../server/host/backing.ts';
import type { OrganisationTrust } from '../../server/host/keyring.ts';
import { memorySecrets } from '../../server/host/secrets.ts';
import { memoryUploads } from '../../server/host/uploads.ts';
import { openOutboundStore } from '../../server/outbound/store.ts';
import { memoryPlaces } from '../../server/ingest/pull/places.ts';
import { openIntakeStore } from '../../server/ingest/intake-store.ts';
import { openRoomStore } from '../../server/rooms/store.ts';
import { originOf, publicKeysOf, testSigner } from './test-signer.ts';

export function memoryBacking(): Backing {
  const trusts = new Map<string, OrganisationTrust>();
  const rooms = new SqliteDatabase(':memory:');
  const intake = new SqliteDatabase(':memory:');
  return {
    instance: randomUUID(),
    store: memoryStore(),
    signer: testSigner(),
    cursors: memoryCursors(),
    uploads: memoryUploads(),
    outbound: openOutboundStore(rooms),
    secrets: memorySecrets(),
    places: memoryPlaces(),
    intake: openIntakeStore(intake, (work) => intake.transaction(work)()),
    rooms: openRoomStore(rooms, (work) => rooms.transaction(work)()),
    keyring: { trust: (org) => trusts.get(org)!, origin: originOf },
    createKeys(org, name, createdAt) {
      const { root, log, seal } = publicKeysOf(org);
      const text = trustText({
        organisationName: name,
        origin: originOf(org),
        rootFingerprint: root,
        logKey: log,
        sealKey: seal,
        createdAt,
      });
      // The same key as the test signer's, whose fingerprint `root` is.
      const signer = signerFromSeed(sha256(utf8(`test root key of ${org}`)));
      const trustSignature = signSshsig(signer, TRUST_NAMESPACE, utf8(text));
      trusts.set(org, { trustText: text, trustSignature, rootKey: signer.publicKey });
      return { root, log, seal };
    },
    close: () => undefined,
  };
}
