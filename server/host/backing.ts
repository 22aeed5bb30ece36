/** What an installation stands on: a store, keys, and where its followers are. On disk on a server, in memory in a test. */
import type { PublicKeys } from '../../shared/kernel/bootstrap.ts';
import type { LogSigner } from '../../shared/kernel/ledger-on-store.ts';
import type { Store } from '../../shared/kernel/store.ts';
import type { Cursors } from '../followers/cursors.ts';
import type { OutboundStore } from '../outbound/store.ts';
import type { IntakeStore } from '../ingest/intake-store.ts';
import type { RoomStore } from '../rooms/store.ts';
import type { Places } from '../ingest/pull/places.ts';
import type { Keyring } from './keyring.ts';
import type { SecretStore } from './secrets.ts';
import type { Uploads } from './uploads.ts';

export interface Backing {
  /** Names this data: a copy that is restored gets another name. */
  readonly instance: string;
  readonly store: Store;
  readonly signer: LogSigner;
  readonly keyring: Keyring;
  readonly cursors: Cursors;
  readonly rooms: RoomStore;
  readonly uploads: Uploads;
  readonly outbound: OutboundStore;
  readonly secrets: SecretStore;
  /** Where connected systems were last asked. */
  readonly places: Places;
  readonly intake: IntakeStore;
  /** Makes the keys of a new organisation and its trust statement. */
  createKeys(org: string, name: string, createdAt: string): PublicKeys;
  close(): void;
}
