/** What an adapter makes of a sender's message: transitions in our own words, or a refusal. Pure: bytes and headers in, nothing else. */
import type { Transition } from '../../shared/features/alarms/contract.ts';
import type { Mapping } from '../../shared/features/integrations/contract.ts';
import type { Order } from '../../shared/features/orders/contract.ts';
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import { refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { isWithin } from '../../shared/kernel/roles.ts';
import type { Priority, TaskClass } from '../../shared/kernel/work.ts';
import { taskClass } from '../../shared/kernel/work.ts';
import { isWritable, utc } from '../../shared/kernel/schema.ts';

export type { Mapping } from '../../shared/features/integrations/contract.ts';

export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The area that the integration was made for; nothing leaves it. */
  readonly area: string | null;
  readonly receivedAt: string;
  /** What an admin has said that the sender's fields and types mean. */
  readonly mapping?: Mapping;
}

export interface Reading {
  readonly transitions: readonly Transition[];
  /** What an admin should know: a truncated message, a severity without a meaning. */
  readonly warnings: readonly string[];
  /** Sources that have died: prefixes of the keys of all conditions that they watched. */
  readonly lost?: readonly string[];
  /** Work that the sender has ordered. */
  readonly orders?: readonly Order[];
}

export type Adapter = (message: Message) => Reading | Refusal;

/** Deliveries are read tolerantly: unknown and missing members are normal. */
export type Loose = Readonly<Record<string, unknown>>;

/** Wrapped, so that no message can pass for a refusal of ours. */
export function jsonObject(body: Uint8Array): { readonly json: Loose } | Refusal {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return refuse('malformed-json', 'The body is not valid UTF-8.');
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return { json: value };
    return refuse('not-a-delivery', 'The body must be one JSON object.');
  } catch {
    return refuse('malformed-json', 'The body is not JSON.');
  }
}

export const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Machine text made fit for the record: control characters become spaces, lone surrogates U+FFFD, and it ends at `max`. */
export function clean(value: unknown, max: number): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value)
    .toWellFormed()
    // eslint-disable-next-line no-control-regex -- the control characters are the point of this pattern
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ')
    .trim();
  return text ? text.slice(0, max).toWellFormed() : null;
}

export const cleanLine = (value: unknown, max: number): string | null =>
  clean(value, max)
    ?.replace(/[\s\u2028\u2029]+/g, ' ')
    .trim() || null;

/** A sender's name for a thing. One that is too long is named by its digest, so that two long names stay two. */
export function keyOf(value: unknown): string | null {
  const key = cleanLine(value, Number.MAX_SAFE_INTEGER);
  return key === null || key.length <= LONGEST_KEY ? key : `sha256:${sha256Hex(utf8(key))}`;
}
// Leaves room in the 400 of a key for what names the episode.
const LONGEST_KEY = 300;

/** RFC 3339 in any zone to UTC; null when it is not a time that RFC 3339 can write, or the zero time that Go writes for "none". */
export function instant(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const milliseconds = Date.parse(value);
  return isWritable(milliseconds) ? utc(milliseconds) : null;
}

const slugOf = (value: unknown): string | null =>
  cleanLine(value, 60)
    ?.normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '') || null;

/** A path of slugs from whatever a sender calls its places; null when nothing is left. */
export function pathOf(...parts: readonly unknown[]): string | null {
  const slugs = parts
    .flatMap((part) => (typeof part === 'string' ? part.split('/') : [part]))
    .flatMap((part) => slugOf(part) ?? []);
  return slugs.length
    ? slugs
        .slice(0, 8)
        .join('/')
        .slice(0, 200)
        .replace(/[-/]+$/, '')
    : null;
}

/** What a sender says of its place counts only inside the integration's own area. */
export const withinArea = (said: string | null, own: string | null): string | null =>
  own === null || (said !== null && isWithin(said, own)) ? said : own;

// A Map: a sender may call its severity "constructor".
const PRIORITY_BY_SEVERITY: ReadonlyMap<string, Priority> = new Map(
  Object.entries<Priority>({
    critical: 'P1',
    emergency: 'P1',
    fatal: 'P1',
    p1: 'P1',
    error: 'P2',
    high: 'P2',
    major: 'P2',
    p2: 'P2',
    warning: 'P3',
    warn: 'P3',
    medium: 'P3',
    minor: 'P3',
    p3: 'P3',
    info: 'P4',
    low: 'P4',
    none: 'P4',
    p4: 'P4',
  }),
);

export function priorityOf(severity: string | null, warn: (warning: string) => void): Priority {
  const known = PRIORITY_BY_SEVERITY.get((severity ?? '').toLowerCase());
  if (!known) warn(severity ? `Severity "${severity}" has no priority; taken as P3.` : 'No severity; taken as P3.');
  return known ?? 'P3';
}

export const classOf = (value: unknown): TaskClass => {
  const known = taskClass.safeParse(typeof value === 'string' ? value.toLowerCase() : value);
  return known.success ? known.data : 'maintenance';
};

export const linksOf = (...values: readonly unknown[]): string[] =>
  values
    .flatMap((value) => (typeof value === 'string' && /^https?:\/\//.test(value) ? (cleanLine(value, 1000) ?? []) : []))
    .slice(0, 10);
