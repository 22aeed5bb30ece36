/**
 * `POST /v1/pairings/redeem`: a code that somebody was given becomes a token of theirs. Without a token of its own, so it is asked of every
 * organisation, always of all, and wrong tries are counted.
 */
import { randomBytes } from 'node:crypto';
import type { Feature, Offered } from '../../shared/kernel/feature.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { Fault, isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import type { Role } from '../../shared/kernel/roles.ts';
import { Redeemed, RedeemWish } from '../../shared/sync/joining.ts';
import { codeIn } from '../../shared/sync/pairing.ts';
import { codeHashOf } from '../pairing-codes.ts';
import { mintToken, sameSecret } from '../tokens.ts';
import { json } from './answers.ts';
import { BODY_REFUSALS, jsonOf } from './body.ts';
import { parsedBy } from './parsed.ts';
import type { Asked, Route } from './route.ts';
import type { Site } from './site.ts';

interface Found {
  readonly org: string;
  readonly offered: Offered;
}

export const redeemRoute: Route = {
  method: 'post',
  path: '/v1/pairings/redeem',
  group: 'pairings',
  title: 'Redeem pairing code',
  description:
    'Works once. Case, dashes and spaces of the code do not matter. Few wrong tries a minute are taken; then `Retry-After` says when to go on.',
  open: true,
  body: { contentType: 'application/json', schema: RedeemWish, required: true },
  answers: { 200: { description: 'The token, shown this once, and whose it is', schema: Redeemed } },
  refusals: [...BODY_REFUSALS, 'code-unknown', 'code-used', 'code-expired', 'gone', 'too-many-tries'],
  handle: redeem,
};

async function redeem({ c, site }: Asked): Promise<Response | Refusal> {
  const wish = parsedBy(RedeemWish, await jsonOf(c));
  if (isRefusal(wish)) return wish;
  const code = codeIn(wish.code);
  if (code === undefined) return NO_CODE;
  const tried = site.tries.begin(addressOf(c.env));
  if (isRefusal(tried)) return tried;
  const feature = site.register.features.find(({ offers }) => offers);
  const found = feature && (await find(site, codeHashOf(code), feature));
  if (!found) return UNKNOWN;
  tried.forgive();
  return take(site, feature, found, wish.device);
}

/** Every organisation is looked into, so that the time it takes says nothing of which one it was. */
async function find({ ledger }: Site, hash: string, { offers }: Feature): Promise<Found | undefined> {
  let found: Found | undefined;
  for (const org of await ledger.organisations()) {
    const rows = await ledger.load(org, offers!.by(hash));
    for (const { key, value } of rows) if (sameSecret(key, hash)) found = { org, offered: value };
  }
  return found;
}

async function take(
  site: Site,
  { name, kind, offers }: Feature,
  { org, offered }: Found,
  device: string | undefined,
): Promise<Response | Refusal> {
  const { stream: id, user, areas } = offered;
  const role = offered.role as Role;
  const { token, tokenHash } = mintToken(org);
  const [outcome] = await site.ledger.transact([
    {
      id: uuidV7(site.clock.now(), randomBytes(10)),
      org,
      type: `${name}.${offers!.redeem}`,
      subject: { kind, id },
      input: device === undefined ? {} : { device },
      caller: { kind: 'user', id: user, role, areas, org },
      minted: { tokenHash },
    },
  ]);
  if (!outcome) throw new Fault('The ledger gave no outcome.');
  if (outcome.outcome === 'rejected') return outcome.refusal;
  const { people, byKind } = site.register;
  const names = {
    user: await nameIn(site, org, people?.kind, user),
    organisation: await nameIn(site, org, byKind.get('org')?.kind, org),
  };
  return json({
    token,
    user: { id: user, name: names.user },
    role,
    areas,
    organisation: { id: org, name: names.organisation },
  });
}

async function nameIn(site: Site, org: string, kind: string | undefined, id: string): Promise<string> {
  const stream = kind && (await site.ledger.stream(org, kind, id));
  return stream ? site.register.byKind.get(stream.kind)!.titleOf(stream.state) : '';
}

/** Of whoever is at the other end of the line; what a proxy says of those behind it could be made up. */
const addressOf = (env: unknown): string =>
  (env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined)?.incoming?.socket?.remoteAddress ?? '';

const NO_CODE = refuse('invalid-input', 'A pairing code has 12 letters and digits, such as K7QM-4TRP-9X2C.', {
  fields: [{ field: '/code', problem: 'Not 12 letters and digits.' }],
});
const UNKNOWN = refuse('code-unknown', 'This pairing code is not known here. Compare it with the one you were given.');
