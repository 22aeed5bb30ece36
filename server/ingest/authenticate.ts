/** Who delivers: by a token in a header, a key in the body, or a signature over the raw bytes, whichever the integration was made for. Before anything is parsed. */
import { keysAt } from '../../shared/features/integrations/proof.ts';
import { secretWith, type IntegrationState } from '../../shared/features/integrations/contract.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import { refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { utc } from '../../shared/kernel/schema.ts';
import type { SecretStore } from '../host/secrets.ts';
import { routingHashOf, sameSecret } from '../tokens.ts';
import { redactRoutingKey } from './routing-key.ts';
import { verify, type Scheme } from './signatures.ts';

type Headers = Readonly<Record<string, string>>;

export interface Known {
  readonly org: string;
  readonly id: string;
  readonly state: IntegrationState;
}

export interface Authentic {
  /** In words: how. */
  readonly via: string;
  /** Without a secret that stood in it. */
  readonly body: Uint8Array;
}

/** `Authorization: Basic` with the token as its password, as the Bearer that it stands for; anything else as it is. */
export function asBearer(authorization: string | undefined): string | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/=_-]+) *$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return authorization;
  const [, password] = /^[^:]*:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  return `Bearer ${password ?? ''}`;
}

const SCHEMES: Readonly<Partial<Record<IntegrationState['kind'], Scheme>>> = {
  'standard-webhooks': 'standard-webhooks',
  mes: 'standard-webhooks',
  grafana: 'grafana',
  pagerduty: 'pagerduty',
};
const GRAFANA_TIME = 'x-grafana-alerting-timestamp';

const RETIRED = refuse('gone', 'This integration is retired. Stop sending, or ask an admin for a new one.');

/** By a signature over these bytes. */
export function bySignature(
  { org, id, state }: Known,
  secrets: SecretStore,
  { headers, body, now }: { readonly headers: Headers; readonly body: Uint8Array; readonly now: number },
): Authentic | Refusal {
  const scheme = SCHEMES[state.kind] ?? (isStandard(headers) ? 'standard-webhooks' : 'hub-sha256');
  if (scheme === 'grafana' && headers[GRAFANA_TIME] === undefined && !state.undatedSignatures)
    return refuse(
      'unauthenticated',
      'The signature has no time and could be replayed. Set the timestamp header X-Grafana-Alerting-Timestamp in the contact point.',
    );
  const known = keysAt(state, utc(now)).flatMap((key) => secrets.get(org, id, key) ?? []);
  const wrong = known.length
    ? verify(scheme, known, headers, body, now)
    : { problem: 'Its secret is not known here any more. Rotate it.' };
  if (wrong) return refuse('unauthenticated', wrong.problem);
  return state.retired ? RETIRED : { via: `signature (${scheme})`, body };
}

const isStandard = (headers: Headers): boolean =>
  headers['webhook-signature'] !== undefined || headers['svix-signature'] !== undefined;

/** By the routing key in the body, which is taken out of it. */
export async function byRoutingKey(
  { org, id, state }: Known,
  ledger: Ledger,
  body: Uint8Array,
  now: number,
): Promise<Authentic | Refusal> {
  const redacted = redactRoutingKey(body);
  if (redacted.routingKey === null)
    return refuse('unauthenticated', 'The body names no routing_key. Set the integration key in the sender.');
  const hash = routingHashOf(redacted.routingKey);
  const row = (await ledger.load(org, secretWith(hash))).find(({ key }) => sameSecret(key, hash));
  if (row?.value.integration !== id || !keysAt(state, utc(now)).includes(hash))
    return refuse('unauthenticated', 'This routing_key is not the one of this integration.');
  return state.retired ? RETIRED : { via: 'routing key', body: redacted.body };
}

/** Of all organisations: a signature names none. */
export async function integrationCalled(ledger: Ledger, id: string): Promise<Known | undefined> {
  for (const org of await ledger.organisations()) {
    const stream = await ledger.stream(org, 'integration', id);
    if (stream) return { org, id, state: stream.state as IntegrationState };
  }
  return undefined;
}
