/** What adapters have in common: any JSON, several messages in one delivery, a transition that says nothing yet. */
import type { Transition } from '../../shared/features/alarms/contract.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { clean, cleanLine, isObject, keyOf, type Message, type Reading } from './adapter.ts';

export type Warn = (warning: string) => void;

export function textIn(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return null;
  }
}

/** Wrapped, so that no message can pass for a refusal of ours. */
export function jsonIn(body: Uint8Array): { readonly value: unknown } | Refusal {
  const text = textIn(body);
  if (text === null) return refuse('malformed-json', 'The body is not valid UTF-8.');
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return refuse('malformed-json', 'The body is not JSON.');
  }
}

export const missing = (field: string, detail: string, problem = 'missing'): Refusal =>
  refuse('not-a-delivery', detail, { fields: [{ field, problem }] });

export type Read = (item: unknown, index: number, warn: Warn) => Omit<Reading, 'warnings'> | Refusal;

/** Each on its own: one that cannot be read never stops the others. When none can, the delivery is refused as the first of them. */
export function gather(items: readonly unknown[], what: string, read: Read): Reading | Refusal {
  const warnings = new Set<string>();
  const transitions: Transition[] = [];
  const lost: string[] = [];
  const refused: Refusal[] = [];
  items.forEach((item, i) => {
    const one = read(item, i, (warning) => warnings.add(warning));
    if (isRefusal(one)) {
      refused.push(one);
      warnings.add(`${what} ${i + 1} was left out. ${one.detail}`);
      return;
    }
    transitions.push(...one.transitions);
    lost.push(...(one.lost ?? []));
  });
  if (refused.length && refused.length === items.length) return refused[0]!;
  return { transitions, warnings: [...warnings].slice(0, 20), ...(lost.length ? { lost: [...new Set(lost)] } : {}) };
}

/** What a transition says where its sender says nothing. */
export const bare = (message: Message) =>
  ({
    occurrenceKey: null,
    messageKey: null,
    clearCause: null,
    class: 'maintenance',
    at: message.receivedAt,
    area: message.area,
    equipment: null,
    text: null,
    value: null,
    unit: null,
    links: [],
  }) satisfies Partial<Transition>;

/** What else the thing is called; nothing where it is called nothing. */
export function namesOf(...said: readonly unknown[]): { readonly names?: string[] } {
  const names = [...new Set(said.flatMap((name) => (typeof name === 'string' ? (keyOf(name) ?? []) : [])))];
  return names.length ? { names: names.slice(0, 20) } : {};
}

export const scalar = (value: unknown): Transition['value'] =>
  typeof value === 'boolean'
    ? value
    : typeof value === 'number' && Number.isFinite(value)
      ? value
      : cleanLine(value, 200);

/** Text as it is; of an object, its plain members, one a line. */
export function details(value: unknown): string | null {
  if (!isObject(value)) return clean(value, 4000);
  const lines = Object.entries(value)
    .slice(0, 40)
    .flatMap(([name, member]) => {
      const said = typeof member === 'string' ? clean(member, 1000) : scalar(member);
      return said === null ? [] : [`${cleanLine(name, 100) ?? '?'}: ${said}`];
    });
  return clean(lines.join('\n'), 4000);
}
