/** In whose name a device brings people's text: whom its commands may name (`device-command.ts`), it may name here, with its signature. */
import { canonical, type Json } from '../../shared/kernel/canonical.ts';
import type { Caller } from '../../shared/kernel/command.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { authorOf, signedBy, standingOf } from './device-command.ts';
import { forbidsDoc } from './doc-access.ts';
import type { Site } from './site.ts';

type Place = Pick<Site, 'ledger' | 'register'>;

export interface Named {
  readonly device: string | null;
  /** The person who writes; whoever bears the credential without it. */
  readonly as: string | undefined;
}

export const isOther = (bearer: Caller, as: string | undefined): as is string => as !== undefined && as !== bearer.id;

/** Who writes. What was signed is not asked here: a ticket was signed for when it was given. */
export async function writerOf(
  { ledger, register }: Place,
  bearer: Caller,
  { device, as }: Named,
): Promise<Caller | Refusal> {
  if (!isOther(bearer, as)) return bearer;
  const standing = device === null ? undefined : await standingOf(ledger, register, bearer.org, device);
  const person = authorOf(bearer, standing, as, '/as');
  if (isRefusal(person)) return person;
  if (standing?.isWrittenOff) return WRITTEN_OFF;
  const { people } = register;
  const stream = people && (await ledger.stream(bearer.org, people.kind, as));
  return stream && people.people!(stream.state) !== null ? LEFT : person;
}

/** Why the device does not speak for those whom its request names; undefined where it names nobody, or has no key to speak with. */
export async function unsigned(
  { ledger, register }: Place,
  bearer: Caller,
  device: string | undefined,
  names: readonly (string | undefined)[],
  request: Readonly<Record<string, unknown>>,
): Promise<Refusal | undefined> {
  if (device === undefined || !names.some((as) => isOther(bearer, as))) return undefined;
  const standing = await standingOf(ledger, register, bearer.org, device);
  const { sig, ...asked } = request;
  const signed = signedBy(standing?.publicKey, canonical(asked as Json), sig, true);
  return isRefusal(signed) ? signed : undefined;
}

/** The person must be allowed to write, and the token that takes the text along to read. */
export async function forbidsWriting(
  site: Place,
  bearer: Caller,
  writer: Caller,
  entity: string,
  isReading = false,
): Promise<Refusal | undefined> {
  const unread = writer.id === bearer.id ? undefined : await forbidsDoc(site, bearer, entity, true);
  return unread ?? forbidsDoc(site, writer, entity, isReading);
}

const WRITTEN_OFF = refuse(
  'role-not-allowed',
  'This device was written off and speaks for nobody else. Ask a supervisor to reinstate it.',
);
const LEFT = refuse('role-not-allowed', 'Its author has left. Ask a supervisor to enter it.');
