/** What a device remembers of the people who use it. Read anew each time, so that two windows of one vault agree. */
import type { Memory } from './notes/ports.ts';
import type { PinHash, Tries } from './pin.ts';

export interface Person {
  readonly user: string;
  readonly name: string;
  readonly role: string | null;
  /** Empty: the whole organisation. */
  readonly areas: readonly string[];
}

export interface KeptPerson extends Person {
  readonly pin?: PinHash;
  /** The device that the server enrolled this person on. */
  readonly device?: string;
}

export interface KeptPeople {
  /** Theirs; with another organisation all begins anew. */
  readonly organisation: string | null;
  readonly people: readonly KeptPerson[];
  /** Whose token this device uses. */
  readonly owner: string | null;
  readonly active: string | null;
  readonly isLocked: boolean;
  /** When somebody last used the device. */
  readonly seen: number;
  readonly tries: Readonly<Record<string, Tries>>;
}

const KEY = 'people';
export const NOBODY: KeptPeople = {
  organisation: null,
  people: [],
  owner: null,
  active: null,
  isLocked: false,
  seen: 0,
  tries: {},
};

export function keptPeople(memory: Memory): KeptPeople {
  try {
    return { ...NOBODY, ...(JSON.parse(memory.get(KEY) ?? '{}') as Partial<KeptPeople>) };
  } catch {
    return NOBODY;
  }
}

export const keepPeople = (memory: Memory, people: KeptPeople): void => memory.set(KEY, JSON.stringify(people));
