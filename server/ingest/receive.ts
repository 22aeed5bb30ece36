/**
 * One delivery, from the socket to the ledger. One commit holds the raw bytes, what is new of its transitions, and the delivery itself when
 * there was anything; only then is it answered. Tasks follow by policy.
 */
import { conditionId, transitionsOf } from '../../shared/features/alarms/contract.ts';
import { deliveriesOf } from '../../shared/features/deliveries/contract.ts';
import type { IntegrationState } from '../../shared/features/integrations/contract.ts';
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import type { Caller, Command, Outcome } from '../../shared/kernel/command.ts';
import type { Subject } from '../../shared/kernel/event.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import { Fault, isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { utc } from '../../shared/kernel/schema.ts';
import { cleanLine, type Adapter } from './adapter.ts';
import { alertmanager } from './alertmanager.ts';
import { generic } from './generic.ts';
import { mes } from './mes.ts';
import { orderResults, receiveOrders, type OrderResult } from './receive-orders.ts';

/** One adapter per kind of sender. */
const ADAPTERS: Readonly<Record<IntegrationState['kind'], Adapter>> = { alertmanager, mes, generic };

export interface Incoming {
  readonly integration: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

interface Result {
  readonly condition: string;
  readonly kind: string;
  readonly status: 'accepted' | 'duplicate' | 'ignored';
  readonly why?: string;
}

export interface Received {
  readonly status: 'accepted' | 'duplicate' | 'ignored';
  readonly deliveryId: string;
  readonly results: readonly Result[];
  /** Of what it orders; absent when it orders nothing. */
  readonly orders?: readonly OrderResult[];
  readonly warnings: readonly string[];
}

export interface Means {
  readonly ledger: Ledger;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
}

export async function receiveDelivery(
  { ledger, now, random }: Means,
  caller: Caller,
  incoming: Incoming,
): Promise<Received | Refusal> {
  if (caller.kind !== 'integration')
    return refuse('role-not-allowed', "Deliver events with the integration's own token.");
  if (caller.id !== incoming.integration) return refuse('not-found', 'This token belongs to another integration.');
  const { org } = caller;
  const integration = (await ledger.stream(org, 'integration', incoming.integration))?.state as
    IntegrationState | undefined;
  if (!integration) return refuse('not-found', 'There is no such integration.');
  const receivedAt = utc(now());
  const sha256 = sha256Hex(incoming.body);
  const reading = ADAPTERS[integration.kind]({
    headers: incoming.headers,
    body: incoming.body,
    area: integration.area,
    receivedAt,
  });
  if (isRefusal(reading)) return reading;
  const delivery = uuidV7(now(), random(10));
  const command = (type: string, subject: Subject, input: unknown, more: Partial<Command> = {}): Command => ({
    id: uuidV7(now(), random(10)),
    org,
    type,
    subject,
    input,
    caller,
    ...more,
  });
  const conditions = reading.transitions.map(({ conditionKey }) =>
    conditionId(org, incoming.integration, conditionKey),
  );
  const observe = reading.transitions.map((transition, i) =>
    command(
      'alarms.observe',
      { kind: 'condition', id: conditions[i]! },
      { integration: incoming.integration, delivery, transition },
      { occurredAt: transition.at },
    ),
  );
  const { orders = [] } = reading;
  const ordered = receiveOrders({ org, integration: incoming.integration, delivery }, orders, command);
  const areas = new Set([...reading.transitions, ...orders].map(({ area }) => area));
  const receive = command(
    'deliveries.receive',
    { kind: 'delivery', id: delivery },
    {
      integration: incoming.integration,
      sha256,
      bytes: incoming.body.length,
      contentType: cleanLine(incoming.headers['content-type'], 200) ?? 'none',
      area: areas.size === 1 ? [...areas][0] : integration.area,
      transitions: reading.transitions.length,
      warnings: reading.warnings,
      conditions: [...new Set(conditions)],
    },
  );
  // Last of its batch, so that it can see whether the transitions before it brought anything new.
  const outcomes = await ledger.transact([...observe, ...ordered, receive], [{ org, sha256, bytes: incoming.body }]);
  const recorded = accepted(outcomes.at(-1)!);
  const results = conditions.map((condition, i): Result => {
    const { kind } = reading.transitions[i]!;
    const outcome = outcomes[i]!;
    if (outcome.outcome === 'rejected') return { condition, kind, status: 'ignored', why: outcome.refusal.detail };
    return { condition, kind, status: outcome.seqs.length ? 'accepted' : 'duplicate' };
  });
  const { warnings } = reading;
  const told = orders.length ? { orders: orderResults(orders, ordered, outcomes.slice(observe.length)) } : {};
  if (recorded.seqs.length) {
    // Stored for the first time, yet no news: a state that changes no condition, a clear of what never was active.
    const isNews = [...results, ...(told.orders ?? [])].some((one) => one.status === 'accepted');
    return { status: isNews ? 'accepted' : 'ignored', deliveryId: delivery, results, ...told, warnings };
  }
  return {
    status: 'duplicate',
    deliveryId: (await earlierDelivery(ledger, org, sha256, conditions)) ?? delivery,
    results,
    ...told,
    warnings,
  };
}

/** Where what this delivery says was said first. */
async function earlierDelivery(
  ledger: Ledger,
  org: string,
  sha256: string,
  conditions: readonly string[],
): Promise<string | undefined> {
  const [same] = await ledger.load(org, deliveriesOf(sha256));
  if (same) return same.key;
  const [transition] = await ledger.load(org, transitionsOf(conditions));
  return transition?.value.delivery;
}

function accepted(outcome: Outcome): Exclude<Outcome, { outcome: 'rejected' }> {
  if (outcome.outcome === 'rejected') throw new Fault(`The door refuses a delivery: ${outcome.refusal.detail}`);
  return outcome;
}
