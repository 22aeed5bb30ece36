/** What an event says in words: what people wrote in it, and which fields it changed. */
import { localDateTime } from '../../shared/kernel/local-time.ts';
import type { Surroundings } from '../../shared/kernel/note.ts';
import type { TrailEvent } from '../../shared/kernel/trail.ts';

export type Names = Pick<Surroundings, 'userName' | 'zone'>;
type Plain = string | number | boolean | null | undefined | readonly Plain[] | { readonly [key: string]: Plain };

const SAID = ['text', 'note', 'finding', 'reason'];

export const saidIn = (body: TrailEvent['body']): string =>
  SAID.flatMap((key) => (typeof body[key] === 'string' && body[key] ? [body[key]] : [])).join(' · ');

/** The event's own name says what became of the status; where something is new, only what matters of it is told. */
const UNSAID = ['status', 'activations'];
const OF_THE_NEW = ['priority', 'dueAt', 'assignee'];

/** `assignee: maintenance engineer → Marek` */
export const changesIn = ({ changes }: TrailEvent['body'], names: Names): readonly string[] =>
  Object.entries((changes ?? {}) as Readonly<Record<string, { readonly was: Plain; readonly now: Plain }>>).flatMap(
    ([field, { was, now }]) => {
      if (UNSAID.includes(field) || (was === null && !OF_THE_NEW.includes(field))) return [];
      const name = field.replace(/At$/, '');
      return was === null ? [`${name} ${shown(now, names)}`] : [`${name}: ${shown(was, names)} → ${shown(now, names)}`];
    },
  );

const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const CODE = /^[a-z]+(?:_[a-z]+)+$/;

function shown(value: Plain, names: Names): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') {
    if (TIME.test(value)) return localDateTime(value, names.zone).replace('T', ' ');
    return CODE.test(value) ? value.replaceAll('_', ' ') : value;
  }
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([key, one]: [string, Plain]) =>
      key === 'user' && typeof one === 'string' ? names.userName(one) : shown(one, names),
    )
    .join(' ');
}

export const evidenceIn = ({ evidence }: TrailEvent['body']): readonly string[] =>
  Array.isArray(evidence) ? evidence.filter((one): one is string => typeof one === 'string') : [];
