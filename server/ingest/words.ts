/** What senders' words mean for a condition. */
import type { Transition } from '../../shared/features/alarms/contract.ts';
import { cleanLine, type Mapping } from './adapter.ts';

export type Kind = Transition['kind'];

// Maps: a sender may call its state "constructor".
const tableOf = (words: Readonly<Record<Kind, string>>): ReadonlyMap<string, Kind> =>
  new Map(
    (Object.entries(words) as [Kind, string][]).flatMap(([kind, list]) => list.split(' ').map((word) => [word, kind])),
  );

const STATES = tableOf({
  active: '1 active alarm alarming alerting firing fired on open opened raised trigger triggered true unack unacked',
  cleared: '0 clear cleared close closed false inactive normal off ok recovered resolve resolved rtn rtnun',
  acked: 'ack acked acknowledge acknowledged',
  info: 'event info information log message note',
});

/** A state as a word (`firing`), a bit, or in the manner of SCADA systems (`ActiveUnacked`, `Cleared, Acknowledged`). */
export function kindOfState(said: unknown): Kind | undefined {
  const word = typeof said === 'boolean' ? String(said) : (cleanLine(said, 60) ?? '').toLowerCase();
  return STATES.get(word) ?? (/^active/.test(word) ? 'active' : /^clear/.test(word) ? 'cleared' : undefined);
}

export const isAcked = (state: string): boolean => /(?<!un)ack/i.test(state);

// Not "opened" and "closed": valves, orders and shifts are opened and closed too.
const IN_TYPES = tableOf({
  active: 'activate activated active fired firing raise raised trigger triggered',
  cleared: 'clear cleared deactivated inactive normal recovered resolve resolved',
  acked: 'ack acked acknowledge acknowledged',
  info: 'info',
});

const wordsOf = (type: string): string[] =>
  type
    .slice(0, 300)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);

const KINDS: readonly unknown[] = ['active', 'cleared', 'acked', 'info'] satisfies Kind[];

/** What the mapping says of a type: its own name first, then the longest `prefix.*`. */
function mapped(type: string, types: Mapping['types']): Kind | undefined {
  const fitting = Object.entries(types ?? {})
    .filter(([pattern]) => pattern === type || (pattern.endsWith('*') && type.startsWith(pattern.slice(0, -1))))
    .sort(([a], [b]) => Number(b === type) - Number(a === type) || b.length - a.length);
  return fitting.map(([, kind]) => kind).find((kind) => KINDS.includes(kind));
}

/**
 * What a type of event (`com.example.alarm.raised.v1`) means: as mapped, else by its last telling word, else, where it speaks of alarms, by
 * the state in its data. What tells nothing is worth a line and asks for nobody.
 */
export const kindOfType = (type: string, types: Mapping['types'], state: unknown): Kind =>
  mapped(type, types) ??
  wordsOf(type)
    .reverse()
    .map((word) => IN_TYPES.get(word))
    .find((kind) => kind !== undefined) ??
  (wordsOf(type).some((word) => /^(?:alarms?|alerts?|conditions?)$/.test(word)) ? kindOfState(state) : undefined) ??
  'info';

/** A type without what happened: `com.example.alarm` of `com.example.alarm.raised.v1`, so that alarm and clear share it. */
export const stemOf = (type: string): string =>
  type.replace(/\.v\d+(?:\.\d+)*$/i, '').replace(/[./:](?=[^./:]*$)[^./:]*$/, '');
