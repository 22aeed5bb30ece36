/** What an admin does with an integration beside configuring it: a test, a mapping tried on what has come already, what has come read again. */
import { latestDeliveriesOf, type DeliveryState } from '../../shared/features/deliveries/contract.ts';
import type { Mapping } from '../../shared/features/integrations/contract.ts';
import type { Transition } from '../../shared/features/alarms/contract.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { utc } from '../../shared/kernel/schema.ts';
import type { Reading } from './adapter.ts';
import type { Known } from './authenticate.ts';
import type { Intake } from './intake.ts';
import { inOurTime, readDelivery, type Raw } from './read-delivery.ts';
import type { Received } from './receive.ts';
import { sampleOf } from './samples.ts';

interface Kept extends Raw {
  readonly id: string;
  readonly isOnRecord: boolean;
}

/** Of this sender only: on record, or among those that are not. */
async function keptDelivery({ means: { ledger }, store }: Intake, known: Known, id: string): Promise<Kept | undefined> {
  const { org } = known;
  const aside = store.find(org, id);
  if (aside) return aside.integration === known.id ? { ...aside, isOnRecord: false } : undefined;
  const state = (await ledger.stream(org, 'delivery', id))?.state as DeliveryState | undefined;
  if (state?.integration !== known.id) return undefined;
  const body = await ledger.file(org, state.sha256);
  if (!body) return undefined;
  const { headers, contentType, receivedAt } = state;
  return {
    id,
    body,
    receivedAt,
    isOnRecord: true,
    headers: { ...headers, ...(contentType === 'none' ? {} : { 'content-type': contentType }) },
  };
}

const notThere = (id: string): Refusal =>
  refuse('not-found', `There is no delivery ${id} of this integration. Look at its deliveries and failures.`);

export interface Tried {
  readonly delivery: string;
  readonly receivedAt: string;
  readonly problem: string | null;
  readonly warnings: readonly string[];
  readonly transitions: readonly Transition[];
}

/** What stored deliveries would have become with this mapping. Nothing is recorded. */
export async function tryMapping(
  intake: Intake,
  known: Known,
  asked: { readonly mapping: Mapping; readonly deliveries?: readonly string[] | undefined; readonly last: number },
): Promise<readonly Tried[] | Refusal> {
  const found: Kept[] = [];
  for (const id of asked.deliveries ?? (await latest(intake, known, asked.last))) {
    const kept = await keptDelivery(intake, known, id);
    if (!kept) return notThere(id);
    found.push(kept);
  }
  return found.map((raw) => {
    const read = readDelivery({ ...known.state, mapping: asked.mapping }, raw);
    const base = { delivery: raw.id, receivedAt: raw.receivedAt };
    return isRefusal(read)
      ? { ...base, problem: read.detail, warnings: [], transitions: [] }
      : { ...base, problem: null, ...told(inOurTime(read, raw.receivedAt)) };
  });
}

const told = ({ warnings, transitions }: Reading) => ({ warnings, transitions });

async function latest({ means, store }: Intake, { org, id }: Known, many: number): Promise<string[]> {
  const recorded = await means.ledger.load(org, latestDeliveriesOf(id, many));
  return [
    ...recorded.map(({ key, value }) => ({ id: key, receivedAt: value.receivedAt })),
    ...store.list({ org, integration: id }, 'refused', many),
  ]
    .sort((a, b) => Date.parse(b.receivedAt) - Date.parse(a.receivedAt))
    .slice(0, many)
    .map((each) => each.id);
}

export interface Reran {
  readonly delivery: string;
  readonly status: Received['status'] | 'refused';
  /** The new one, or the one on record that says the same. */
  readonly deliveryId: string | null;
  readonly problem: string | null;
}

/** Reads stored deliveries once more, as if they came now. What is known already makes nothing new. */
export async function rerun(intake: Intake, known: Known, ids: readonly string[]): Promise<readonly Reran[] | Refusal> {
  const found: Kept[] = [];
  for (const id of ids) {
    const kept = await keptDelivery(intake, known, id);
    if (!kept) return notThere(id);
    found.push(kept);
  }
  const done: Reran[] = [];
  for (const { id: delivery, headers, body, receivedAt, isOnRecord } of found) {
    const received = await intake.take(
      known,
      { headers, body, via: 'an admin, once more' },
      { rerunOf: delivery, isLinked: isOnRecord, receivedAt },
    );
    if (isRefusal(received)) {
      done.push({ delivery, status: 'refused', deliveryId: null, problem: received.detail });
      continue;
    }
    intake.store.reran(delivery, received.deliveryId);
    done.push({ delivery, status: received.status, deliveryId: received.deliveryId, problem: null });
  }
  return done;
}

export interface Tested {
  readonly state: 'active' | 'cleared';
  readonly status: Received['status'] | 'refused';
  readonly deliveryId: string | null;
  readonly problem: string | null;
  readonly warnings: readonly string[];
}

/** An alarm "Test of NAME" that goes the way of every other, asks for nobody, and is over at once. */
export async function sendTest(intake: Intake, known: Known): Promise<readonly Tested[]> {
  const { now, random } = intake.means;
  const { kind, name } = known.state;
  const id = uuidV7(now(), random(10));
  const since = utc(now());
  const done: Tested[] = [];
  for (const state of ['active', 'cleared'] as const) {
    const told = { title: `Test of ${name}`, since, at: utc(now()), isOver: state === 'cleared', id };
    const given = { ...sampleOf(kind, told), via: 'a test by an admin' };
    const received = await intake.take(known, given, { test: true });
    done.push(
      isRefusal(received)
        ? { state, status: 'refused', deliveryId: null, problem: received.detail, warnings: [] }
        : {
            state,
            status: received.status,
            deliveryId: received.deliveryId,
            problem: null,
            warnings: received.warnings,
          },
    );
  }
  return done;
}
