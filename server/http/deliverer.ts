/** Who delivers, asked before anything reads the body: a bearer token or a Basic password, or what the integration was made for. */
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import {
  asBearer,
  byRoutingKey,
  bySignature,
  integrationCalled,
  type Authentic,
  type Known,
} from '../ingest/authenticate.ts';
import { bytesOf } from './body.ts';
import { callerOf, credentialOf } from './caller.ts';
import type { HttpContext } from './route.ts';
import type { Site } from './site.ts';

export interface Deliverer extends Authentic {
  readonly known: Known;
  readonly headers: Readonly<Record<string, string>>;
  /** Why the body is not taken, though its sender is known. */
  readonly unread?: Refusal;
}

export const LIMIT = 1024 * 1024;
/** What a credential may stand in. */
const SECRET_HEADERS = ['authorization', 'proxy-authorization', 'cookie'];

export async function delivererOf(c: HttpContext, site: Site, id: string): Promise<Deliverer | Refusal> {
  const known = await integrationCalled(site.ledger, id);
  const headers = { ...c.req.header() };
  for (const name of SECRET_HEADERS) delete headers[name];
  const proof = known?.state.proof ?? 'token';
  const found =
    known === undefined || proof === 'token'
      ? await byToken(c, site, id, known)
      : await byBody(c, site, known, headers);
  if (!isRefusal(found)) return { ...found, headers };
  if (known && found.refused === 'unauthenticated') site.intake.watch.count(known, 'forged');
  const verdict = found.refused === 'unauthenticated' ? 'unauthenticated' : 'refused';
  site.metrics.delivered(known?.state.kind ?? 'unknown', verdict);
  return found;
}

type Found = Omit<Deliverer, 'headers'>;

async function byToken(c: HttpContext, site: Site, id: string, known: Known | undefined): Promise<Found | Refusal> {
  const authorization = c.req.header('authorization');
  const credential = credentialOf(asBearer(authorization));
  const caller = isRefusal(credential) ? credential : await callerOf(site, credential);
  if (isRefusal(caller)) return caller;
  c.set('caller', caller);
  if (caller.kind !== 'integration')
    return refuse('role-not-allowed', 'Events are delivered with the token of an integration. Ask an admin for one.');
  if (caller.id !== id || !known) return refuse('not-found', 'This token belongs to another integration.');
  const body = await bytesOf(c, LIMIT);
  const via = /^basic/i.test(authorization!) ? 'its token, as a Basic password' : 'its token';
  return isRefusal(body) ? { known, via, body: new Uint8Array(0), unread: body } : { known, via, body };
}

/** The whole body first: what proves the sender is in it or over it. */
async function byBody(
  c: HttpContext,
  site: Site,
  known: Known,
  headers: Readonly<Record<string, string>>,
): Promise<Found | Refusal> {
  const body = await bytesOf(c, LIMIT);
  if (isRefusal(body)) return body;
  const now = site.clock.now();
  const proved =
    known.state.proof === 'signature'
      ? bySignature(known, site.secrets, { headers, body, now })
      : await byRoutingKey(known, site.ledger, body, now);
  if (isRefusal(proved)) return proved;
  c.set('caller', { kind: 'integration', id: known.id, org: known.org, areas: [] });
  return { known, ...proved };
}
