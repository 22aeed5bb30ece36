/** Whom an event rings: those that it names, else whoever it gives the work to. */
import { presidingOver } from '../../shared/features/shifts/contract.ts';
import { allUsers, usersAmong } from '../../shared/features/users/contract.ts';
import type { FeedEvent, Ledger } from '../../shared/kernel/ledger.ts';

type Given = { readonly user: string } | { readonly role: string };

/** As far as ringing is concerned; older events name nobody. */
interface Said {
  readonly notified?: readonly string[];
  readonly assignee?: Given | null;
  readonly target?: Given | null;
}

/** Who is asked when a task is escalated to nobody in particular. */
const ANYBODY: Given = { role: 'supervisor' };

export async function whomToRing(ledger: Ledger, event: FeedEvent): Promise<readonly string[]> {
  const { notified, assignee, target } = event.body as Said;
  const named = notified ?? (await holding(ledger, event, assignee ?? target ?? ANYBODY));
  // Nobody is told what they have just done themselves.
  const others = [...new Set(named)].filter((user) => user !== event.actor.id);
  const people = await ledger.load(event.org, usersAmong(others));
  const here = new Set(people.filter(({ value }) => value.leftAt === null).map(({ key }) => key));
  return others.filter((user) => here.has(user));
}

async function holding(ledger: Ledger, { org, area }: FeedEvent, given: Given): Promise<readonly string[]> {
  if ('user' in given) return [given.user];
  const shifts = await ledger.load(org, presidingOver(area));
  return shifts
    .filter(({ value }) => value.status === 'active')
    .flatMap(
      ({ value }) => value.crew as readonly { readonly user: string; readonly role: string; readonly state?: string }[],
    )
    .filter(({ role, state }) => role === given.role && state !== 'away')
    .map(({ user }) => user);
}

export async function admins(ledger: Ledger, org: string): Promise<readonly string[]> {
  const people = await ledger.load(org, allUsers());
  return people.filter(({ value }) => value.role === 'admin' && value.leftAt === null).map(({ key }) => key);
}
