/** Somebody else's token, used once: whose it is, and that the server knows them on this device. */
import type { Register } from '../shared/kernel/register.ts';
import { refuse, type Refusal } from '../shared/kernel/refusal.ts';
import type { Me, Snapshot } from './connection.ts';
import { answered, problemIn, type Clock, type Link, type Reply } from './link.ts';
import { peopleWords } from './words/index.ts';

export interface EnrolParts {
  readonly register: Register;
  readonly clock: Clock;
  readonly linkAs: (token: string) => Link;
  readonly unique: () => string;
  readonly organisation: () => string | undefined;
}

/** The owner's token is the one that paired the device: there is nothing more to tell the server. */
export async function enrol(
  { register, clock, linkAs, unique, organisation }: EnrolParts,
  token: string,
  device: string,
  owner: string | null,
): Promise<Me | Refusal> {
  const link = linkAs(token);
  const own = organisation();
  if (own === undefined) return refuse('not-ready', peopleWords.connectFirst);
  try {
    const known = await answered(link, clock, 'GET', '/v1/sync/snapshot?limit=1');
    if (known.status !== 200) return refused(known);
    const { me, organisation: theirs } = known.json as Snapshot;
    if (theirs !== own) return refuse('invalid-input', peopleWords.otherOrganisation);
    if (me.kind !== 'user') return refuse('invalid-input', peopleWords.ofMachine);
    if (me.id === owner) return me;
    const path = `/v1/${register.devices!.name}/${device}/enrol`;
    const reply = await answered(link, clock, 'POST', path, {}, unique());
    if (reply.status < 300) return me;
    if (reply.status === 404) return refuse('not-ready', peopleWords.deviceUnknown);
    return refused(reply);
  } catch {
    return refuse('not-ready', peopleWords.unreachable);
  }
}

const refused = (reply: Reply): Refusal =>
  refuse(reply.status === 401 ? 'unauthenticated' : 'role-not-allowed', problemIn(reply).detail);
