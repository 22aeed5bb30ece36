/** Everything that leaves. Each kind has a carrier of its own: whoever is to be rung does not wait for a system that hangs. */
import type { Logger } from 'pino';
import type { FeedEvent, Ledger } from '../../shared/kernel/ledger.ts';
import type { Register } from '../../shared/kernel/register.ts';
import type { Cursors } from '../followers/cursors.ts';
import { follow } from '../followers/follow.ts';
import type { SecretStore } from '../host/secrets.ts';
import { createCarrier } from './carrier.ts';
import { createChannels, type ChannelMeans } from './channels.ts';
import { hearOf } from './hearing.ts';
import { noticesReady } from './notices.ts';
import type { OutboundStore } from './store.ts';
import { webhooksReady } from './webhooks.ts';

export interface OutboundMeans extends ChannelMeans {
  readonly ledger: Ledger;
  readonly register: Register;
  readonly cursors: Cursors;
  readonly store: OutboundStore;
  readonly secrets: SecretStore;
  readonly now: () => number;
  /** From [0, 1). */
  readonly chance: () => number;
  readonly log: Logger;
  /** Where people reach this server, when that was set. */
  readonly url: string | undefined;
}

export interface Outbound {
  /** Resolves when all that is recorded was heard; whether it went out is another matter. */
  settled(): Promise<void>;
  /** Resolves when nothing is ready to leave, and nothing under way. */
  idle(): Promise<void>;
  trouble(): string | undefined;
  close(): Promise<void>;
}

/** Nothing for a register that knows neither. */
const NOTHING: Outbound = {
  settled: async () => undefined,
  idle: async () => undefined,
  trouble: () => undefined,
  close: async () => undefined,
};

export async function startOutbound(means: OutboundMeans): Promise<Outbound> {
  const { ledger, register, cursors, store, log } = means;
  if (!register.byName.has('webhooks') || !register.byName.has('contacts')) return NOTHING;
  const channels = createChannels(means);
  const toPeople = createCarrier(async () => noticesReady({ ...means, channels }), log);
  const toMachines = createCarrier(() => webhooksReady(means), log);
  const hear = async (events: readonly FeedEvent[]): Promise<void> => {
    for (const event of events) {
      if (event.type === 'webhook.retired') means.secrets.forget(event.org, event.subject.id);
      if (await hearOf(ledger, store, event)) toPeople.poke();
    }
  };
  const hearing = await follow('notices', ledger, cursors, log, hear);
  const deaf = ledger.onCommit(() => toMachines.poke());
  toPeople.poke();
  toMachines.poke();
  return {
    settled: () => hearing.settled(),
    async idle() {
      await toMachines.idle();
      await toPeople.idle();
    },
    trouble: () => hearing.trouble(),
    async close() {
      deaf();
      await Promise.all([toPeople.close(), toMachines.close()]);
      await hearing.close();
    },
  };
}
