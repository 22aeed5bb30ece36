/** Who calls: from a bearer token to a Caller, through whichever features keep credentials. Asked anew for every request, so that a revoked token ends at once. */
import type { Caller } from '../../shared/kernel/command.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import type { Row } from '../../shared/kernel/read.ts';
import type { Register } from '../../shared/kernel/register.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { utc } from '../../shared/kernel/schema.ts';
import { organisationOf, sameSecret, tokenHashOf } from '../tokens.ts';
import type { Clock } from '../clock.ts';

export interface Known {
  readonly ledger: Ledger;
  readonly register: Register;
  readonly clock: Clock;
}

/** What of a token may be kept in memory: enough to ask again, not enough to call. */
export interface Credential {
  readonly org: string;
  readonly hash: string;
}

export function credentialOf(authorization: string | undefined): Credential | Refusal {
  const [, token] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
  if (!token) return refuse('unauthenticated', 'Send a token: "Authorization: Bearer opy_live_…".');
  const org = organisationOf(token);
  return org ? { org, hash: tokenHashOf(token) } : UNKNOWN;
}

export async function callerOf(known: Known, { org, hash }: Credential): Promise<Caller | Refusal> {
  if (!(await known.ledger.organisations()).includes(org)) return UNKNOWN;
  for (const { credentials } of known.register.features) {
    if (!credentials) continue;
    const rows = (await known.ledger.load(org, credentials.by(hash))) as readonly Row<never>[];
    const row = rows.find(({ key }) => sameSecret(key, hash));
    if (row) return stillHere(known, credentials.caller(row, org, utc(known.clock.now())));
  }
  return UNKNOWN;
}

/** A person who has left opens nothing, whatever their tokens say. */
async function stillHere({ ledger, register: { people } }: Known, caller: Caller | Refusal): Promise<Caller | Refusal> {
  if (isRefusal(caller) || caller.kind !== 'user' || !people) return caller;
  const person = await ledger.stream(caller.org, people.kind, caller.id);
  return person && people.people!(person.state) !== null ? LEFT : caller;
}

const LEFT = refuse(
  'token-revoked',
  'This person was deactivated, and their tokens with them. Ask an admin to reactivate them.',
);
const UNKNOWN = refuse(
  'unauthenticated',
  'This token is not known here. Copy it again, or ask an admin for a new one.',
);
