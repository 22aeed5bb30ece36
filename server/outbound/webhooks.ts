/**
 * Webhooks. The ledger itself is the queue: a lane for each endpoint remembers the position up to which it has been told everything, so that
 * what waits cannot be lost, has an order, and takes no room. One message at a time; the next one only when that is through.
 */
import type { Logger } from 'pino';
import { activeWebhooks, matches, type Order, type WebhookState } from '../../shared/features/webhooks/contract.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import type { FeedEvent, Ledger } from '../../shared/kernel/ledger.ts';
import type { Row } from '../../shared/kernel/read.ts';
import type { Register } from '../../shared/kernel/register.ts';
import { isWithin } from '../../shared/kernel/roles.ts';
import { utc } from '../../shared/kernel/schema.ts';
import type { Job } from './carrier.ts';
import { envelopeOf } from './envelope.ts';
import { FOR_MACHINES, waitAfter } from './ladder.ts';
import { NotSent, type Answered, type Post } from './post.ts';
import { signedHeaders } from './signature.ts';
import type { SecretStore } from '../host/secrets.ts';
import type { Lane, OutboundStore } from './store.ts';

const PAGE = 200;
/** Then another lane of the organisation gets its turn. */
const MOST_IN_A_ROW = 50;
/** Of an answer, in the list of attempts. */
const MOST_SAID = 200;

export interface WebhookMeans {
  readonly ledger: Ledger;
  readonly register: Register;
  readonly store: OutboundStore;
  readonly secrets: SecretStore;
  readonly post: Post;
  readonly now: () => number;
  /** From [0, 1). */
  readonly chance: () => number;
  readonly log: Pick<Logger, 'warn'>;
  /** Where people reach this server, when that was set. */
  readonly url: string | undefined;
}

type Endpoint = Row<WebhookState>;

/** What is ready to leave. */
export async function webhooksReady(means: WebhookMeans): Promise<readonly Job[]> {
  const { ledger, store, now } = means;
  const jobs: Job[] = [];
  for (const org of await ledger.organisations()) {
    const rows = await ledger.load(org, activeWebhooks());
    if (!rows.length) continue;
    const head = await ledger.head(org);
    for (const row of rows) {
      const lane = laneOf(store, org, row);
      const isOrdered = row.value.orders.some(({ seq }) => seq > lane.heeded);
      const isBehind = lane.at < head || store.waiting(org, row.key, 1).length > 0;
      if (isOrdered || (isBehind && lane.notBefore <= now()))
        jobs.push({ org, lane: row.key, run: (signal) => tell(means, org, row.key, signal) });
    }
  }
  return jobs;
}

/** An endpoint hears what comes after it was made. */
const laneOf = (store: OutboundStore, org: string, { key, first }: Endpoint): Lane =>
  store.lane(org, key) ?? { org, lane: key, at: first, heeded: first, failures: 0, notBefore: 0 };

async function tell(means: WebhookMeans, org: string, id: string, signal: AbortSignal): Promise<void> {
  for (let n = 0; n < MOST_IN_A_ROW && !signal.aborted; n++) {
    // Looked at anew for each message: it may have been paused meanwhile.
    const rows = await means.ledger.load(org, activeWebhooks());
    const endpoint = rows.find(({ key }) => key === id);
    if (!endpoint) return;
    const lane = await heeded(means, endpoint, laneOf(means.store, org, endpoint));
    if (lane.notBefore > means.now()) return;
    const next = await nextOf(means, endpoint, lane, signal);
    if (!next || !(await send(means, endpoint, lane, next, signal))) return;
  }
}

/** What its admin asked of it meanwhile. */
async function heeded({ store, ledger }: WebhookMeans, { key, value }: Endpoint, before: Lane): Promise<Lane> {
  let lane = before;
  for (const order of value.orders.filter(({ seq }) => seq > before.heeded))
    lane = { ...(await carriedOut(order, lane)), heeded: order.seq };
  if (lane !== before) store.keepLane(lane);
  return lane;

  async function carriedOut(order: Order, at: Lane): Promise<Lane> {
    if (order.what === 'resume') return { ...at, failures: 0, notBefore: 0 };
    if (order.what === 'since')
      return { ...at, at: Math.min(at.at, await positionBefore(ledger, at.org, order.since, at.at)) };
    store.put({ org: at.org, lane: key, id: `again-${order.seq}`, seq: order.event, due: 0, data: null });
    return at;
  }
}

/** The last position before a time; receipts are in the order of positions, but for a clock that was set back. */
async function positionBefore(ledger: Ledger, org: string, since: string, most: number): Promise<number> {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [event] = await ledger.events(org, middle, 1);
    if (event && event.receivedAt < since) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Next {
  readonly event: FeedEvent;
  /** It was asked for once more, out of turn. */
  readonly again: ReturnType<OutboundStore['waiting']>[number] | undefined;
}

async function nextOf(
  { ledger, store }: WebhookMeans,
  { key, value }: Endpoint,
  lane: Lane,
  signal: AbortSignal,
): Promise<Next | undefined> {
  for (const again of store.waiting(lane.org, key, PAGE)) {
    const [event] = await ledger.events(lane.org, again.seq - 1, 1);
    if (event?.seq === again.seq && isFor(value, event)) return { event, again };
    store.forget(again);
  }
  for (let at = lane.at; !signal.aborted;) {
    const events = await ledger.events(lane.org, at, PAGE);
    const event = events.find((one) => isFor(value, one));
    if (event) return { event, again: undefined };
    if (events.length) store.keepLane({ ...lane, at: (at = events.at(-1)!.seq) });
    if (events.length < PAGE) return undefined;
  }
  return undefined;
}

const isFor = ({ types, area }: WebhookState, event: FeedEvent): boolean =>
  matches(types, event.type) && (area === null || (event.area !== null && isWithin(event.area, area)));

/** Whether it may go on with the next one. */
async function send(
  means: WebhookMeans,
  endpoint: Endpoint,
  lane: Lane,
  next: Next,
  signal: AbortSignal,
): Promise<boolean> {
  const { store, ledger, register, now, url } = means;
  const { event, again } = next;
  const through = (): true => {
    if (again) store.forget(again);
    store.keepLane({ ...lane, ...(again ? {} : { at: event.seq }), failures: 0, notBefore: 0 });
    return true;
  };
  const secrets = secretsOf(means, lane.org, endpoint);
  if (!secrets.length) {
    const problem = 'Its secret is not on this server. Rotate it, give the new one to whoever checks, and resume.';
    await suspend(means, endpoint, lane, { because: 'secret_lost', seq: event.seq, status: null, problem });
    return false;
  }
  const envelope = await envelopeOf(ledger, register, event, url);
  if (!envelope) return through();
  const body = JSON.stringify(envelope);
  const began = now();
  const headers = {
    'content-type': 'application/json',
    ...signedHeaders(secrets, { id: `${event.id}_${endpoint.key}`, seconds: Math.floor(began / 1000), body }),
  };
  const came = await outcomeOf(means.post({ url: endpoint.value.url, headers, body, signal }));
  // Cut off because the server leaves: that says nothing about them.
  if (signal.aborted && came.status === null) return false;
  const sent = came.status !== null && came.status >= 200 && came.status < 300;
  store.note(lane.org, endpoint.key, {
    ...{ at: utc(began), event: event.id, seq: event.seq, type: event.type, outcome: sent ? 'sent' : 'failed' },
    ...{ status: came.status, ms: now() - began, said: withoutSecrets(came.said, secrets).slice(0, MOST_SAID) },
  });
  return sent ? through() : failed(means, endpoint, lane, next, came);
}

interface Came {
  /** Null: there was no answer. */
  readonly status: number | null;
  readonly said: string;
  readonly retryAfter?: string | undefined;
}

async function outcomeOf(answer: Promise<Answered>): Promise<Came> {
  try {
    const { status, body, retryAfter } = await answer;
    const isElsewhere = status >= 300 && status < 400;
    return { status, retryAfter, said: isElsewhere ? 'It leads elsewhere, and redirects are not followed.' : body };
  } catch (error) {
    if (error instanceof NotSent) return { status: null, said: error.message };
    throw error;
  }
}

/** An answer may echo what it was sent. */
const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((rest, secret) => rest.replaceAll(secret, '…').replaceAll(secret.replace(/^whsec_/, ''), '…'), text);

async function failed(
  means: WebhookMeans,
  endpoint: Endpoint,
  lane: Lane,
  { event: { seq }, again }: Next,
  { status, said, retryAfter }: Came,
): Promise<false> {
  const { store, now, chance } = means;
  if (status === 410) {
    const problem = 'The other side says that the endpoint is gone (410).';
    await suspend(means, endpoint, lane, { because: 'gone', seq, status, problem });
    return false;
  }
  const failures = lane.failures + 1;
  const failure = { status: status ?? undefined, retryAfter };
  const wait = waitAfter(FOR_MACHINES, failures, failure, { now: now(), chance: chance() });
  if (wait !== undefined) {
    store.keepLane({ ...lane, failures, notBefore: now() + wait });
    return false;
  }
  // What was asked for once more is given up for good; what has its turn waits until an admin resumes.
  if (again) store.forget(again);
  const answer = status === null ? said : `It answered ${status}.`;
  const problem = `Not taken in ${failures} attempts over three days. ${answer}`.slice(0, 500);
  await suspend(means, endpoint, lane, { because: 'unreachable', seq, status, problem });
  return false;
}

/** The secrets that sign now: the one it has, and those that were replaced a short while ago. What is past is thrown away. */
function secretsOf({ secrets, now }: WebhookMeans, org: string, { key, value }: Endpoint): string[] {
  const at = utc(now());
  for (const { hash, until } of value.earlier) if (until <= at) secrets.put(org, key, hash, undefined);
  const hashes = [value.hash, ...value.earlier.filter(({ until }) => until > at).map(({ hash }) => hash)];
  return hashes.flatMap((hash) => secrets.get(org, key, hash) ?? []);
}

interface Trouble {
  readonly because: 'gone' | 'unreachable' | 'secret_lost';
  readonly seq: number;
  readonly status: number | null;
  readonly problem: string;
}

async function suspend(
  { ledger, store, log }: WebhookMeans,
  { key, seq }: Endpoint,
  lane: Lane,
  trouble: Trouble,
): Promise<void> {
  const { org } = lane;
  await ledger.transact([
    {
      // The stream's position makes it another one after each resume.
      id: derivedId('webhook-suspend', org, key, String(seq)),
      org,
      type: 'webhooks.suspend',
      subject: { kind: 'webhook', id: key },
      input: { ...trouble, problem: trouble.problem.replace(/\s+/g, ' ') },
      caller: { kind: 'engine', id: 'webhooks', org, areas: [] },
    },
  ]);
  store.keepLane({ ...lane, failures: 0, notBefore: 0 });
  log.warn({ org, webhook: key, because: trouble.because, status: trouble.status }, 'webhook suspended');
}
