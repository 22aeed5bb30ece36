/**
 * One delivery, from its bytes to the ledger. One commit holds the raw bytes, what is new of its transitions, and the delivery itself when
 * there was anything; only then is it answered. Tasks follow by policy.
 */
import { conditionId, transitionsOf } from '../../shared/features/alarms/contract.ts';
import { deliveriesOf } from '../../shared/features/deliveries/contract.ts';
import type { IntegrationState } from '../../shared/features/integrations/contract.ts';
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import type { Caller, Command, Outcome } from '../../shared/kernel/command.ts';
import type { Subject } from '../../shared/kernel/event.ts';
import { derivedId, uuidV7 } from '../../shared/kernel/ids.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import { Fault, isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { utc } from '../../shared/kernel/schema.ts';
import { cleanLine, type Reading } from './adapter.ts';
import { lostOf, readDelivery } from './read-delivery.ts';
import { orderResults, receiveOrders, type OrderResult } from './receive-orders.ts';

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
  readonly status: 'accepted' | 'duplicate' | 'coalesced' | 'ignored';
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

/** What is to be recorded of a delivery that was read. */
export interface ToRecord extends Incoming {
  readonly area: string | null;
  readonly receivedAt: string;
  readonly reading: Reading;
  /** Its id; every command's follows from it where the same delivery may be recorded again after a crash. */
  readonly delivery: string;
  readonly repeatable?: boolean;
  /** Where its transitions stood in what was read, when only some of them are recorded. */
  readonly places?: readonly number[];
  readonly via?: string;
  readonly rerunOf?: string;
  /** Whether that one is on record, so that a trail leads to it. */
  readonly isLinked?: boolean;
  readonly test?: true;
}

/** Straight from a sender to the ledger: no limits, no names of messages. */
export async function receiveDelivery(means: Means, caller: Caller, incoming: Incoming): Promise<Received | Refusal> {
  if (caller.kind !== 'integration')
    return refuse('role-not-allowed', "Deliver events with the integration's own token.");
  if (caller.id !== incoming.integration) return refuse('not-found', 'This token belongs to another integration.');
  const stream = await means.ledger.stream(caller.org, 'integration', incoming.integration);
  if (!stream) return refuse('not-found', 'There is no such integration.');
  const integration = stream.state as IntegrationState;
  const receivedAt = utc(means.now());
  const reading = readDelivery(integration, { ...incoming, receivedAt });
  if (isRefusal(reading)) return reading;
  const delivery = uuidV7(means.now(), means.random(10));
  return recordDelivery(means, caller, { ...incoming, area: integration.area, receivedAt, reading, delivery });
}

export async function recordDelivery(means: Means, caller: Caller, what: ToRecord): Promise<Received> {
  const { ledger } = means;
  const { org } = caller;
  const { delivery, integration, reading, body } = what;
  const sha256 = sha256Hex(body);
  const lost = await lostOf(ledger, org, integration, reading.lost ?? [], what.receivedAt);
  const transitions = [...reading.transitions, ...lost];
  const conditions = transitions.map(({ conditionKey }) => conditionId(org, integration, conditionKey));
  const command = (
    type: string,
    subject: Subject,
    input: unknown,
    more: Partial<Command> = {},
    place = 0,
  ): Command => ({
    id: what.repeatable
      ? derivedId('delivery', delivery, type, subject.id, String(place))
      : uuidV7(means.now(), means.random(10)),
    org,
    type,
    subject,
    input,
    caller,
    ...more,
  });
  const observe = transitions.map((transition, i) =>
    command(
      'alarms.observe',
      { kind: 'condition', id: conditions[i]! },
      { integration, delivery, transition },
      { occurredAt: transition.at },
      what.places?.[i] ?? i,
    ),
  );
  const { orders = [] } = reading;
  const ordered = receiveOrders({ org, integration, delivery }, orders, command);
  const input = receiveInput(what, { sha256, transitions, conditions });
  const first = what.isLinked
    ? { upstream: [{ kind: 'delivery', id: what.rerunOf!, rel: 'follow_up_of' as const }] }
    : {};
  const receive = command('deliveries.receive', { kind: 'delivery', id: delivery }, input, first);
  // Last of its batch, so that it can see whether the transitions before it brought anything new.
  const outcomes = await ledger.transact([...observe, ...ordered, receive], [{ org, sha256, bytes: body }]);
  const isRecorded = recorded(outcomes.at(-1)!, what);
  const results = conditions.map((condition, i): Result => {
    const { kind } = transitions[i]!;
    const outcome = outcomes[i]!;
    if (outcome.outcome === 'rejected') return { condition, kind, status: 'ignored', why: outcome.refusal.detail };
    return { condition, kind, status: outcome.seqs.length ? 'accepted' : 'duplicate' };
  });
  const { warnings } = reading;
  const told = orders.length ? { orders: orderResults(orders, ordered, outcomes.slice(observe.length)) } : {};
  if (isRecorded) {
    // Stored for the first time, yet no news: a state that changes no condition, a clear of what never was active.
    const isNews = [...results, ...(told.orders ?? [])].some((one) => one.status === 'accepted');
    return { status: isNews ? 'accepted' : 'ignored', deliveryId: delivery, results, ...told, warnings };
  }
  const deliveryId = (await earlierDelivery(ledger, org, sha256, conditions)) ?? delivery;
  return { status: 'duplicate', deliveryId, results, ...told, warnings };
}

interface Told {
  readonly sha256: string;
  readonly transitions: Reading['transitions'];
  readonly conditions: readonly string[];
}

function receiveInput(what: ToRecord, { sha256, transitions, conditions }: Told): Readonly<Record<string, unknown>> {
  const { integration, headers, body, area, reading, via, rerunOf, test } = what;
  const areas = new Set([...transitions, ...(reading.orders ?? [])].map((one) => one.area));
  const telling = tellingHeaders(headers);
  return {
    integration,
    sha256,
    bytes: body.length,
    contentType: cleanLine(headers['content-type'], 200) ?? 'none',
    area: areas.size === 1 ? [...areas][0] : area,
    transitions: transitions.length,
    warnings: reading.warnings,
    conditions: [...new Set(conditions)],
    ...(via === undefined ? {} : { via }),
    ...(Object.keys(telling).length ? { headers: telling } : {}),
    ...(rerunOf === undefined ? {} : { rerunOf }),
    ...(test ? { test } : {}),
  };
}

/** Headers that belong to the message rather than to the way it came. */
const TELLING = /^(?:ce-[a-z0-9]{1,40}|idempotency-key|(?:webhook|svix)-id|x-webhook-(?:id|event))$/;

export const tellingHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .flatMap(([name, value]) => {
        const text = TELLING.test(name) ? cleanLine(value, 500) : null;
        return text === null ? [] : [[name, text] as const];
      })
      .slice(0, 30),
  );

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

function recorded(outcome: Outcome, { repeatable }: ToRecord): boolean {
  if (outcome.outcome !== 'rejected') return outcome.seqs.length > 0;
  // Recorded before a crash, with another count of what was taken together with it.
  if (repeatable && ['command-id-reused', 'already-exists'].includes(outcome.refusal.refused)) return true;
  throw new Fault(`The door refuses a delivery: ${outcome.refusal.detail}`);
}
