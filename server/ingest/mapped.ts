/** Somebody else's JSON by an admin's mapping: put into our own words first, then read like any message in these. */
import type { Mapping } from '../../shared/features/integrations/contract.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { cleanLine, type Adapter, type Loose, type Message, type Reading } from './adapter.ts';
import { at, joined, taken } from './pointer.ts';

/** Of one message. */
const MOST = 500;

/** The adapter for messages without a mapping, and with one where there is one. */
export const mapped =
  (plain: Adapter): Adapter =>
  (message) =>
    message.mapping && Object.keys(message.mapping).some((field) => field !== 'types')
      ? byMapping(message.mapping, message, plain)
      : plain(message);

function byMapping(mapping: Mapping, message: Message, plain: Adapter): Reading | Refusal {
  const json = anyJson(message.body);
  if (isRefusal(json)) return json;
  const items = mapping.each === undefined ? [json.value] : at(json.value, mapping.each);
  if (!Array.isArray(items))
    return refuse('not-a-delivery', `The mapping expects a list at "${mapping.each}"; there is none.`, {
      fields: [{ field: mapping.each!, problem: 'No list.' }],
    });
  const readings: Reading[] = [];
  const warnings: string[] = [];
  let first: Refusal | undefined;
  for (const [i, item] of items.slice(0, MOST).entries()) {
    const said = inOurWords(item, mapping);
    const reading = isRefusal(said) ? said : plain({ ...message, body: utf8(JSON.stringify(said)) });
    if (!isRefusal(reading)) readings.push(reading);
    else {
      first ??= reading;
      warnings.push(`Item ${i + 1}: ${reading.detail}`.slice(0, 500));
    }
  }
  if (first && !readings.length) return first;
  if (items.length > MOST) warnings.push(`Only the first ${MOST} of ${items.length} items were read.`);
  return {
    transitions: readings.flatMap(({ transitions }) => transitions),
    warnings: [...new Set([...warnings, ...readings.flatMap((reading) => reading.warnings)])].slice(0, 20),
    lost: readings.flatMap(({ lost = [] }) => lost),
  };
}

/** What the mapping does not speak of stays as it was sent. */
function inOurWords(item: unknown, mapping: Mapping): Loose | Refusal {
  const { title, condition, occurrence, id, area, equipment, state, severity, class: kindOfWork } = mapping;
  const own = typeof item === 'object' && item !== null && !Array.isArray(item) ? (item as Loose) : {};
  const said: Record<string, unknown> = { ...own };
  const say = (field: string, value: unknown) => {
    if (value !== undefined && value !== null) said[field] = value;
  };
  for (const [field, sources] of Object.entries({ title, condition, occurrence, id, area, equipment }))
    if (sources !== undefined) say(field, joined(item, sources));
  const places = {
    text: mapping.text,
    value: mapping.value,
    unit: mapping.unit,
    link: mapping.link,
    class: kindOfWork,
  };
  for (const [field, source] of Object.entries(places)) if (source !== undefined) say(field, taken(item, source));
  if (mapping.at !== undefined) say('occurredAt', timeOf(taken(item, mapping.at)));
  if (severity !== undefined) say('severity', severityOf(item, severity));
  if (!state) return said;
  const kind = stateOf(item, state);
  return isRefusal(kind) ? kind : { ...said, state: kind };
}

type StateMapping = NonNullable<Mapping['state']>;
const KINDS = ['active', 'cleared', 'acked', 'info'] as const;

function stateOf(item: unknown, state: StateMapping): string | Refusal {
  const word = spell(taken(item, state.from));
  const kind = KINDS.find((kind) => state[kind]?.some((known) => spell(known) === word)) ?? state.otherwise;
  return (
    kind ??
    refuse('not-a-delivery', `The mapping has no meaning for "${word ?? ''}" at "${state.from}".`, {
      fields: [{ field: state.from, problem: 'No word of the mapping.' }],
    })
  );
}

function severityOf(item: unknown, severity: NonNullable<Mapping['severity']>): unknown {
  if (typeof severity === 'string') return spell(taken(item, severity));
  const word = spell(taken(item, severity.from));
  const known = Object.entries(severity.words).find(([each]) => each.toLowerCase() === word?.toLowerCase());
  return known?.[1] ?? word;
}

const spell = (value: unknown): string | null => cleanLine(typeof value === 'boolean' ? String(value) : value, 100);

/** Seconds or milliseconds since 1970, as many PLCs say it, else as it is. */
function timeOf(value: unknown): unknown {
  if (typeof value !== 'number' || !Number.isFinite(value)) return value;
  const milliseconds = value < 1e11 ? value * 1000 : value;
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function anyJson(body: Uint8Array): { readonly value: unknown } | Refusal {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown };
  } catch {
    return refuse('malformed-json', 'The body is not JSON in UTF-8.');
  }
}
