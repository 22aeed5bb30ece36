/**
 * The people of a shared tablet. Each brings a token once, which proves who they are and is kept nowhere; from then on a PIN takes over,
 * offline too, and every entry carries whoever took over last. With more than one person an unused tablet locks itself.
 */
import type { Register } from '../shared/kernel/register.ts';
import { isRefusal, refuse, type Refusal } from '../shared/kernel/refusal.ts';
import type { Me } from './connection.ts';
import { enrol } from './people-enrol.ts';
import { keepPeople, keptPeople, NOBODY, type KeptPeople, type KeptPerson, type Person } from './people-kept.ts';
import { fits, hashOf, isPin, pauseAfter, triesLeft, type Derive } from './pin.ts';
import type { Clock, Link } from './link.ts';
import type { Memory } from './notes/ports.ts';
import { peopleWords } from './words/index.ts';

export interface PersonHere extends Person {
  readonly hasPin: boolean;
}

export interface People {
  readonly all: readonly PersonHere[];
  /** Whoever took over last, while the device is not locked. */
  readonly active: PersonHere | undefined;
  readonly isLocked: boolean;
  /** Why nothing may be entered now, or `undefined`. Ask before a command is made: without it an entry would carry nobody. */
  refusal(): Refusal | undefined;
  /** The server has said whose token this device uses. */
  met(me: Me): void;
  /** Needs the network. This person has then taken over and may set a PIN. */
  add(token: string): Promise<PersonHere | Refusal>;
  /** Of whoever has taken over. */
  setPin(user: string, pin: string): Promise<Refusal | undefined>;
  takeOver(user: string, pin: string): Promise<Refusal | undefined>;
  remove(user: string): Refusal | undefined;
  lock(): void;
  /** Somebody has touched the screen. */
  touched(): void;
  onChange(hear: () => void): void;
  stop(): void;
}

export interface PeopleParts {
  readonly memory: Memory;
  readonly register: Register;
  readonly clock: Clock;
  /** A line that speaks with another token than the device's own. */
  readonly linkAs: (token: string) => Link;
  readonly derive: Derive;
  readonly random: (length: number) => Uint8Array;
  /** The key of a request, the same for every further try. */
  readonly unique: () => string;
  readonly deviceId: () => string;
  /** `undefined` before the first connection. */
  readonly organisation: () => string | undefined;
  readonly nameOf: (user: string) => string;
  /** Minutes without a touch after which the device locks; 0: never. */
  readonly idleMinutes: () => number;
}

/** A touch is written down no more often than this. */
const BETWEEN_TOUCHES = 15_000;
const MINUTE = 60_000;

export function createPeople(parts: PeopleParts): People {
  const { memory, clock, derive, random } = parts;
  const listeners: (() => void)[] = [];
  let cancel: () => void = () => undefined;

  const now = (): KeptPeople => keptPeople(memory);
  const find = (user: string | null): KeptPerson | undefined => now().people.find((one) => one.user === user);
  /** The server knows this person on this device: by the device's own token, or enrolled with theirs. */
  const isKnown = ({ user, device }: KeptPerson): boolean => now().owner === user || device === parts.deviceId();
  const isShared = ({ people }: KeptPeople): boolean => people.length > 1;

  function isLocked(): boolean {
    const state = now();
    if (!isShared(state)) return false;
    if (!find(state.active)) return true;
    const idle = parts.idleMinutes() * MINUTE;
    const since = clock.now() - state.seen;
    // A clock that was set back must not keep the device open.
    return state.isLocked || (idle > 0 && (since > idle || since < -MINUTE));
  }

  function change(next: Partial<KeptPeople>): void {
    keepPeople(memory, { ...now(), ...next });
    watch();
    for (const hear of listeners) hear();
  }

  const withPerson = (person: KeptPerson): readonly KeptPerson[] => [
    ...now().people.filter(({ user }) => user !== person.user),
    person,
  ];

  /** Tells the screen when the time is up; whether it is up is asked anew each time. */
  function watch(): void {
    cancel();
    const idle = parts.idleMinutes() * MINUTE;
    if (!idle || !isShared(now())) return;
    cancel = clock.after(idle + 1, () => listeners.forEach((hear) => hear()));
  }

  const taken = (user: string): Partial<KeptPeople> => {
    const { [user]: _tries, ...tries } = now().tries;
    return { active: user, isLocked: false, seen: clock.now(), tries };
  };

  /** Why this person may not try a PIN now. */
  function pause(user: string): Refusal | undefined {
    const { tries } = now();
    const { wrong, until } = tries[user] ?? { wrong: 0, until: 0 };
    const most = clock.now() + pauseAfter(wrong);
    if (until > most) change({ tries: { ...tries, [user]: { wrong, until: most } } });
    return Math.min(until, most) > clock.now() ? tooOften(Math.min(until, most) - clock.now()) : undefined;
  }

  watch();
  return {
    get all() {
      return now().people.map(shown);
    },
    get active() {
      const person = isLocked() ? undefined : find(now().active);
      return person && isKnown(person) ? shown(person) : undefined;
    },
    get isLocked() {
      return isLocked();
    },
    refusal() {
      if (isLocked()) return LOCKED;
      const person = find(now().active);
      return !person || isKnown(person) ? undefined : tokenAgain(person);
    },
    met({ id, kind, role, areas }) {
      if (kind !== PERSON) return;
      const organisation = parts.organisation() ?? null;
      if (organisation !== now().organisation) keepPeople(memory, { ...NOBODY, organisation });
      const { owner } = now();
      const person = { ...find(id), user: id, name: parts.nameOf(id), role, areas };
      const people = withPerson(person);
      if (owner === id) return change({ people });
      // Whoever entered a token of their own is there; of the owner before, nothing remains but what they enrolled themselves.
      change({ people: people.filter(({ user, device }) => user !== owner || device), owner: id, ...taken(id) });
    },
    async add(token) {
      const device = parts.deviceId();
      const me = await enrol(parts, token.trim(), device, now().owner);
      if (isRefusal(me)) return me;
      const { id: user, role, areas } = me;
      const person: KeptPerson = { ...find(user), user, name: parts.nameOf(user), role, areas, device };
      change({ people: withPerson(person), ...taken(user) });
      return shown(person);
    },
    async setPin(user, pin) {
      if (isLocked() || now().active !== user) return refuse('unauthenticated', peopleWords.ownPin);
      if (!isPin(pin)) return NO_PIN;
      const hash = await hashOf(pin, derive, random);
      const person = find(user);
      if (person) change({ people: withPerson({ ...person, pin: hash }) });
      return undefined;
    },
    async takeOver(user, pin) {
      const person = find(user);
      if (!person) return refuse('not-found', peopleWords.unknown);
      if (!isKnown(person) || !person.pin) return tokenAgain(person);
      if (!isPin(pin)) return NO_PIN;
      const pausing = pause(user);
      if (pausing) return pausing;
      const wrong = (now().tries[user]?.wrong ?? 0) + 1;
      const until = clock.now() + pauseAfter(wrong);
      // Counted before it is checked: closing the app in between wins nobody a further try.
      change({ tries: { ...now().tries, [user]: { wrong, until } } });
      if (await fits(pin, person.pin, derive)) {
        change(taken(user));
        return undefined;
      }
      return pauseAfter(wrong) ? tooOften(pauseAfter(wrong)) : wrongPin(triesLeft(wrong));
    },
    remove(user) {
      const { people, owner, active } = now();
      if (user === owner) return refuse('invalid-input', peopleWords.tokenInUse);
      if (isLocked()) return LOCKED;
      const left = people.filter((one) => one.user !== user);
      change({ people: left, active: left.length === 1 ? owner : active === user ? null : active });
      return undefined;
    },
    lock() {
      if (isShared(now())) change({ isLocked: true });
    },
    touched() {
      if (isLocked() || clock.now() - now().seen < BETWEEN_TOUCHES) return;
      keepPeople(memory, { ...now(), seen: clock.now() });
      watch();
    },
    onChange: (hear) => void listeners.push(hear),
    stop: () => cancel(),
  };
}

/** Actors of kind `user` are people; the kernel says so. */
const PERSON = 'user';

const shown = ({ user, name, role, areas, pin }: KeptPerson): PersonHere => ({
  user,
  name,
  role,
  areas,
  hasPin: pin !== undefined,
});

const LOCKED = refuse('unauthenticated', peopleWords.locked);
const NO_PIN = refuse('invalid-input', peopleWords.pinLength, {
  fields: [{ field: '/pin', problem: peopleWords.pinDigits }],
});

const tokenAgain = ({ name, pin }: KeptPerson): Refusal =>
  refuse('unauthenticated', pin ? peopleWords.newIdentity(name) : peopleWords.noPin(name));

const wrongPin = (left: number): Refusal => refuse('unauthenticated', peopleWords.wrongPin(left));

function tooOften(milliseconds: number): Refusal {
  const seconds = Math.ceil(milliseconds / 1000);
  const wait = seconds < 120 ? peopleWords.seconds(seconds) : peopleWords.minutes(Math.ceil(seconds / 60));
  return refuse('unauthenticated', peopleWords.tooOften(wait), {
    extra: { retryInMs: milliseconds },
  });
}
