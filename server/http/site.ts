/** What every route works with. Built once by main.ts. */
import type { Logger } from 'pino';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import type { Register } from '../../shared/kernel/register.ts';
import type { Clock } from '../clock.ts';
import type { Feed } from '../followers/feed.ts';
import type { Keyring } from '../host/keyring.ts';
import type { SecretStore } from '../host/secrets.ts';
import type { Uploads } from '../host/uploads.ts';
import type { OutboundStore } from '../outbound/store.ts';
import type { Intake } from '../ingest/intake.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { Metrics } from './metrics.ts';
import type { Tickets } from './ticket-store.ts';
import type { Tries } from './tries.ts';

export interface Site {
  readonly ledger: Ledger;
  readonly register: Register;
  readonly keyring: Keyring;
  readonly feed: Feed;
  readonly tickets: Tickets;
  /** Of codes that were redeemed. */
  readonly tries: Tries;
  readonly rooms: Rooms;
  readonly uploads: Uploads;
  readonly outbound: OutboundStore;
  readonly secrets: SecretStore;
  readonly intake: Intake;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly clock: Clock;
  /** Aborted when the server leaves: streams and sockets end. */
  readonly leaving: AbortSignal;
  /** Why the server cannot be used now, or undefined. */
  readonly trouble: () => string | undefined;
  readonly heartbeatMs: number;
  /** Names this server's data; another name is another server, or one that was restored. */
  readonly instance: string;
  /** Where devices reach this server, when it is not where it was asked. */
  readonly address: string | undefined;
}
