/**
 * PagerDuty Events API v2, as others send it to whoever has "a PagerDuty URL". The dedup key names what is open under it: after a resolve the
 * same key opens anew; why it was resolved nobody says. The routing key in the body is the credential; `routing-key.ts` takes it out before anything is kept.
 */
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import { isRefusal, refuse } from '../../shared/kernel/refusal.ts';
import {
  type Adapter,
  classOf,
  cleanLine,
  isObject,
  jsonObject,
  keyOf,
  linksOf,
  type Loose,
  type Message,
  priorityOf,
} from './adapter.ts';
import { placeIn } from './plain.ts';
import { bare, details, gather, missing, namesOf, type Read, scalar, type Warn } from './reading.ts';
import { moment } from './times.ts';
import type { Kind } from './words.ts';

const KINDS: ReadonlyMap<unknown, Kind> = new Map<unknown, Kind>([
  ['trigger', 'active'],
  ['acknowledge', 'acked'],
  ['resolve', 'cleared'],
]);

/** The published limits: of a key in characters, of an event in bytes. */
const LONGEST_KEY = 255;
const LARGEST = 512 * 1024;

export const pagerduty: Adapter = (message) => {
  if (message.body.length > LARGEST) return refuse('too-large', 'An event for PagerDuty has at most 512 KB.');
  const read = jsonObject(message.body);
  if (isRefusal(read)) return read;
  return gather([read.json], 'Event', (_item, _i, warn) => one(read.json, message, warn));
};

/** The key under which this event is open: the sender's own, or one made of what a trigger says, so that it can be told to the sender. */
export function dedupKeyOf(event: Loose): string | null {
  const own = cleanLine(event['dedup_key'], LONGEST_KEY + 1);
  if (own) return own;
  const payload = isObject(event['payload']) ? event['payload'] : {};
  const named = ['summary', 'source', 'component', 'group', 'class'].map((name) => cleanLine(payload[name], 1024));
  return event['event_action'] === 'trigger' ? sha256Hex(utf8(JSON.stringify(named))) : null;
}

function one(event: Loose, message: Message, warn: Warn): ReturnType<Read> {
  const action = event['event_action'];
  const kind = KINDS.get(action);
  if (!kind)
    return missing('/event_action', 'The event_action is not one of trigger, acknowledge, resolve.', 'unknown');
  const key = dedupKeyOf(event);
  if (!key) return missing('/dedup_key', 'Only a trigger may come without a dedup_key.');
  if (key.length > LONGEST_KEY) return missing('/dedup_key', 'A dedup_key has at most 255 characters.', 'too long');
  const payload = isObject(event['payload']) ? event['payload'] : {};
  const summary = cleanLine(payload['summary'], 1024);
  if (kind === 'active' && !summary) return missing('/payload/summary', 'A trigger needs a summary.');
  const custom = isObject(payload['custom_details']) ? payload['custom_details'] : {};
  const severity = cleanLine(payload['severity'], 60);
  const said = details(payload['custom_details']);
  const transition = {
    ...bare(message),
    ...placeIn(custom, message),
    conditionKey: keyOf(key) ?? key,
    kind,
    clearCause: kind === 'cleared' ? ('unknown' as const) : null,
    severity: severity ?? 'none',
    // Only a trigger has to say how severe it is.
    priority: priorityOf(severity, kind === 'active' ? warn : () => undefined),
    class: classOf(custom['class'] ?? payload['class']),
    at: moment(payload['timestamp']) ?? message.receivedAt,
    title: cleanLine(summary, 300) ?? keyOf(key) ?? key,
    text: summary && summary.length > 300 ? details([summary, said].filter(Boolean).join('\n\n')) : said,
    value: scalar(custom['value']),
    unit: cleanLine(custom['unit'], 40),
    links: linksOf(...hrefsIn(event['links']), ...hrefsIn(event['images']), event['client_url']),
    ...namesOf(payload['component'], payload['group'], payload['source']),
  };
  return { transitions: [transition] };
}

const hrefsIn = (list: unknown): unknown[] =>
  Array.isArray(list) ? list.flatMap((one: unknown) => (isObject(one) ? [one['href'], one['src']] : [])) : [];
