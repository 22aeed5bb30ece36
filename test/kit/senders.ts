/** A server with a clock that the test moves, and an admin who connects senders of every kind to it. */
import { createHmac } from 'node:crypto';
import { aServer, type Answer, type AServer, type Plant, type Wanted } from './a-server.ts';

export const MINUTE = 60_000;

export interface Connected {
  readonly id: string;
  readonly ref: string;
  readonly token?: string;
  readonly secret?: string;
  readonly routingKey?: string;
  readonly snippet: { readonly file: string; readonly format: string; readonly text: string };
}

export interface Senders {
  readonly server: AServer;
  readonly plant: Plant;
  /** Supervisor of the whole plant. */
  readonly ana: string;
  now(): number;
  pass(milliseconds: number): void;
  connect(kind: string, more?: object): Promise<Connected>;
  /** By an admin. */
  admin(route: string, body?: unknown): Promise<Answer>;
  /** With a token, or with headers that prove something else. */
  post(to: Connected, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  signed(to: Connected, body: string, more?: Partial<Signed>): Promise<Answer>;
  settled(): Promise<void>;
  head(): Promise<number>;
  /** Types of the events of one integration. */
  story(to: Connected): Promise<readonly string[]>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test asserts on the shape of what came back
  list(route: string): Promise<any[]>;
  /** What the metrics count. */
  counted(kind: string, verdict: string): Promise<number>;
}

export interface Signed {
  readonly id: string;
  readonly at: number;
  readonly secret: string;
  readonly prefix: 'webhook' | 'svix';
  /** What is sent, when it is not what was signed. */
  readonly sent: string;
}

export const standardSignature = (secret: string, id: string, seconds: number, body: string): string =>
  `v1,${createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(`${id}.${seconds}.${body}`)
    .digest('base64')}`;

export async function someSenders(wanted: Wanted = {}, begins = '2026-11-21T02:00:00Z'): Promise<Senders> {
  let now = Date.parse(begins);
  const server = await aServer({ clock: { now: () => now }, ...wanted });
  const plant = await server.plant();
  const { token: ana } = await server.token(plant, 'supervisor', { user: 'Ana' });
  let sent = 0;
  const post: Senders['post'] = (to, body, headers = {}) =>
    server.ask(`POST /v1/ingest/${to.id}`, { token: to.token, body, headers });
  return {
    ...{ server, plant, ana, post },
    now: () => now,
    pass: (milliseconds) => void (now += milliseconds),
    async connect(kind, more = {}) {
      const { status, body } = await server.ask('POST /v1/integrations', {
        token: plant.admin,
        body: { kind, name: `A ${kind}`, ...more },
      });
      if (status !== 201) throw new Error(`No integration: ${JSON.stringify(body)}`);
      return body as Connected;
    },
    admin: (route, body) => server.ask(route, { token: plant.admin, ...(body === undefined ? {} : { body }) }),
    signed(
      to,
      body,
      { id = `msg_${(sent += 1)}`, at = now, secret = to.secret!, prefix = 'webhook', sent: other = body } = {},
    ) {
      const seconds = Math.floor(at / 1000);
      return post(to, other, {
        'content-type': 'application/json',
        [`${prefix}-id`]: id,
        [`${prefix}-timestamp`]: String(seconds),
        [`${prefix}-signature`]: standardSignature(secret, id, seconds, body),
      });
    },
    settled: () => server.settled(),
    head: () => server.ledger.head(plant.org),
    async story({ id }) {
      const history = await server.ledger.history(plant.org, { kind: 'integration', id });
      return history.map(({ type, body }) => {
        const { trouble } = body as { trouble?: string };
        return trouble === undefined ? type : `${type} ${trouble}`;
      });
    },
    async list(route) {
      const { body } = await server.ask(`GET ${route}`, { token: ana });
      return (body as { items: [] }).items;
    },
    async counted(kind, verdict) {
      const { body } = await server.ask('GET /metrics');
      const line = `operary_ingest_total{kind="${kind}",verdict="${verdict}"} `;
      const found = String(body)
        .split('\n')
        .find((each) => each.startsWith(line));
      return found === undefined ? 0 : Number(found.slice(line.length));
    },
  };
}

/** An alarm in our own words. */
export const alarm = (condition: string, more: object = {}) => ({
  ...{ condition, title: `Alarm ${condition}`, severity: 'high', state: 'active' },
  ...more,
});
