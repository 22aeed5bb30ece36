/** Founding an organisation and giving out tokens: what only whoever holds the data folder may do. */
import { randomBytes } from 'node:crypto';
import type { Command } from '../../shared/kernel/command.ts';
import { isUuid, uuidV7 } from '../../shared/kernel/ids.ts';
import type { Wish } from '../../shared/kernel/policy.ts';
import { ROLES } from '../../shared/kernel/roles.ts';
import { utc } from '../../shared/kernel/schema.ts';
import { spelledCode } from '../../shared/sync/pairing.ts';
import { mintCode } from '../pairing-codes.ts';
import { mintToken } from '../tokens.ts';
import type { Installation } from './installation.ts';

/** A mistake of whoever asks: one sentence that names the cure. */
export class AskError extends Error {
  override name = 'AskError';
}

export interface Founded {
  readonly org: string;
  /** Of an admin; shown once. */
  readonly token: string;
  /** Fingerprint of the organisation's root key. */
  readonly root: string;
}

export async function foundOrganisation(
  at: Installation,
  order: { slug: string; name?: string | undefined; zone?: string | undefined },
): Promise<Founded> {
  const { slug, name = order.slug, zone } = order;
  for (const { slug: taken } of await organisationsOf(at))
    if (taken === slug) throw new AskError(`There is an organisation "${slug}" already. Choose another slug.`);
  const org = freshId(at);
  const keys = at.backing.createKeys(org, name, utc(at.clock.now()));
  await demand(at, org, at.bootstrap.organisation({ org, slug, name, keys, ...(zone ? { zone } : {}) }));
  const { token } = await giveToken(at, { org, role: 'admin', user: 'Admin', areas: [] });
  return { org, token, root: keys.root };
}

export interface PersonOrder {
  readonly org: string | undefined;
  readonly role: string;
  readonly user?: string | undefined;
  readonly areas: readonly string[];
}

export interface TokenOrder extends PersonOrder {
  readonly expiresAt?: string | undefined;
}

/** A token for a person, who is added when nobody has that name yet. */
export async function giveToken(at: Installation, order: TokenOrder): Promise<{ token: string; user: string }> {
  const { role, areas } = order;
  const { org, user } = await findPerson(at, order);
  const { token, tokenHash } = mintToken(org);
  const expires = order.expiresAt === undefined ? {} : { expiresAt: order.expiresAt };
  const wish = at.bootstrap.token({ id: freshId(at), user, role, areas, ...expires });
  await demand(at, org, [wish], { tokenHash });
  return { token, user };
}

/** A code with which a person fetches a token on a device of theirs; they are added when nobody has that name yet. */
export async function giveCode(
  at: Installation,
  order: PersonOrder,
): Promise<{ code: string; expiresAt: string; user: string }> {
  const { role, areas } = order;
  const { org, user } = await findPerson(at, order);
  const { code, codeHash } = mintCode();
  const wish = at.bootstrap.offer({ id: freshId(at), user, role, areas });
  await demand(at, org, [wish], { codeHash });
  const offered = await at.ledger.stream(org, wish.subject.kind, wish.subject.id);
  return { code: spelledCode(code), expiresAt: at.bootstrap.offeredUntil(offered?.state), user };
}

async function findPerson(at: Installation, order: PersonOrder): Promise<{ org: string; user: string }> {
  const { role, areas } = order;
  if (!(ROLES as readonly string[]).includes(role))
    throw new AskError(`There is no role "${role}". Roles are ${ROLES.join(', ')}.`);
  const { org } = await findOrganisation(at, order.org);
  const name = order.user ?? role.replaceAll('_', ' ');
  const [known] = await at.ledger.load(org, at.bootstrap.personNamed(name));
  const user = known?.key ?? freshId(at);
  if (!known) await demand(at, org, [at.bootstrap.person({ id: user, name, role, areas })]);
  return { org, user };
}

export interface Organisation {
  readonly org: string;
  readonly slug: string;
  readonly name: string;
}

export async function organisationsOf({ ledger, bootstrap }: Installation): Promise<readonly Organisation[]> {
  const found: Organisation[] = [];
  for (const org of await ledger.organisations()) {
    const [row] = await ledger.load(org, bootstrap.organisationRow);
    if (row) found.push({ org, ...bootstrap.described(row) });
  }
  return found;
}

/** By id or slug; without either the only one there is. */
export async function findOrganisation(at: Installation, ref: string | undefined): Promise<Organisation> {
  const all = await organisationsOf(at);
  const slugs = all.map(({ slug }) => slug).join(', ') || 'none yet';
  if (ref === undefined) {
    const [only] = all.length === 1 ? all : [];
    if (only) return only;
    throw new AskError(`Say which organisation with --org (there are: ${slugs}).`);
  }
  const found = all.find(({ org, slug }) => (isUuid(ref.toLowerCase()) ? org === ref.toLowerCase() : slug === ref));
  if (found) return found;
  throw new AskError(`There is no organisation "${ref}" in this data folder (there are: ${slugs}).`);
}

const freshId = ({ clock }: Installation): string => uuidV7(clock.now(), randomBytes(10));

/** In order; each must be accepted. */
export async function demand(
  at: Installation,
  org: string,
  wishes: readonly Wish[],
  minted?: Readonly<Record<string, string>>,
): Promise<void> {
  for (const wish of wishes) {
    const { kind, id } = wish.subject;
    const command: Command = {
      id: freshId(at),
      org,
      type: wish.type,
      subject: { kind, id: id === 'new' ? freshId(at) : id },
      input: wish.input,
      caller: { kind: 'host', id: 'host', org, areas: [] },
      ...(minted ? { minted } : {}),
    };
    const [outcome] = await at.ledger.transact([command]);
    if (outcome?.outcome === 'rejected') throw new AskError(outcome.refusal.detail);
  }
}
