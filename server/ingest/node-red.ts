/**
 * Node-RED's `http request` node: an object as JSON, or a string without any content type. A flow that bridges MQTT sends the message as it
 * came: `{topic, retain, payload}`. After a restart the broker hands its retained messages out again; the condition itself makes nothing of
 * one that says no more than it knows, but one without a time of its own could be of any age and asks for nobody.
 */
import type { Transition } from '../../shared/features/alarms/contract.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import { type Adapter, clean, cleanLine, isObject, keyOf, type Loose, type Message } from './adapter.ts';
import { CODES, first, isNamed, KEYS, plainAlarm, stateIn, timeIn } from './plain.ts';
import { bare, gather, jsonIn, missing, namesOf, type Read, textIn, type Warn } from './reading.ts';

export const nodeRed: Adapter = (message) => {
  const text = textIn(message.body);
  if (text === null) return refuse('malformed-json', 'The body is not valid UTF-8.');
  const read = jsonIn(message.body);
  const isJson = /\bjson\b/i.test(message.headers['content-type'] ?? '');
  if (isRefusal(read) && isJson) return read;
  const value = isRefusal(read) ? text : read.value;
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const key = keyOf(message.headers['idempotency-key']);
  return gather(items, 'Message', (item, i, warn) =>
    one(item, message, items.length > 1 && key ? keyOf(`${key} ${i + 1}`) : key, warn),
  );
};

function one(item: unknown, message: Message, messageKey: string | null, warn: Warn): ReturnType<Read> {
  const said = isObject(item) ? unwrapped(item) : { payload: item };
  const transition = signal(said, message, messageKey, warn);
  return isRefusal(transition) ? transition : { transitions: transition ? [transition] : [] };
}

/** The members of a payload stand among those of the message that carried it; a payload of JSON in a string is that JSON. */
function unwrapped(item: Loose): Loose {
  const { payload, ...outer } = item;
  const read = typeof payload === 'string' ? jsonIn(utf8(payload)) : { value: payload };
  const inner = isRefusal(read) ? payload : read.value;
  if (isObject(inner)) return { ...outer, ...inner };
  // MQTT knows only text: "81.2" is a number, "true" a bit.
  return typeof inner === 'number' || typeof inner === 'boolean' ? { ...outer, payload: inner } : item;
}

function signal(body: Loose, message: Message, messageKey: string | null, warn: Warn): Transition | Refusal | null {
  const topic = cleanLine(body['topic'], 300);
  const { payload } = body;
  if (!isNamed(body) && typeof payload === 'string') return line(payload, topic ?? '', message, messageKey);
  if (!isNamed(body) && typeof payload === 'number') {
    warn('A payload that is only a number is a reading: it is stored with the delivery and makes no alarm.');
    return null;
  }
  const isBit = typeof payload === 'boolean' && stateIn(body) === undefined;
  const meaning = isBit ? 'state' : typeof payload === 'string' ? 'text' : 'value';
  const read = plainAlarm(payload === undefined ? body : { [meaning]: payload, ...body }, {
    message,
    messageKey,
    warn,
    source: topic,
    title: stateIn(body) !== undefined || isBit ? topic : null,
    names: [topic],
    // A topic of bits is one thing that is so or not.
    conditionKey: isBit && topic && !first(body, [...KEYS, ...CODES]) ? keyOf(topic) : null,
  });
  if (isRefusal(read) || body['retain'] !== true || timeIn(body) !== undefined) return read;
  warn('A retained message without a time of its own asks for nobody: it could be of any age. Send its time as "ts".');
  return { ...read, quiet: true };
}

/** A line of text is worth a line, and asks for nobody. */
function line(said: unknown, source: string, message: Message, messageKey: string | null): Transition | Refusal {
  const text = clean(said, 4000);
  const title = cleanLine(text?.split('\n')[0], 300);
  if (!title) return missing('', 'An event needs a text or an object.');
  return {
    ...bare(message),
    conditionKey: `text:${sha256Hex(utf8(`${source}\n${title}`))}`,
    messageKey,
    kind: 'info',
    severity: 'info',
    priority: 'P4',
    title,
    text: text === title ? null : text,
    ...namesOf(source),
  };
}
