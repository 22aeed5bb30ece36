/**
 * CloudEvents as alarms. The specification knows no "firing" and "resolved": the integration's mapping says what a type means, else its own
 * words do. Source and id together name the message; source, subject and the type without what happened name the condition.
 */
import { isRefusal } from '../../shared/kernel/refusal.ts';
import { type Adapter, cleanLine, isObject, keyOf, type Loose, type Mapping, type Message } from './adapter.ts';
import { type Carried, carriedBy, type CloudEvent, eventOf } from './cloud-event.ts';
import { first, KEYS, plainAlarm, stateIn } from './plain.ts';
import { gather, type Read, type Warn } from './reading.ts';
import { moment } from './times.ts';
import { kindOfType, stemOf } from './words.ts';

export const cloudevents: Adapter = (message) => {
  const carried = carriedBy(message);
  return isRefusal(carried)
    ? carried
    : gather(carried, 'Event', (item, _i, warn) => one(item as Carried, message, warn));
};

function one(item: Carried, message: Message, warn: Warn): ReturnType<Read> {
  const event = eventOf(item);
  if (isRefusal(event)) return event;
  const { id, source, type, subject, time } = event;
  const data: Loose = isObject(event.data) ? event.data : typeof event.data === 'string' ? { text: event.data } : {};
  const transition = plainAlarm(data, {
    message,
    warn,
    path: '/data',
    kind: kindOfType(type, message.mapping?.types, stateIn(data)),
    conditionKey: keyOf(templated(message.mapping, event)) ?? conditionOf(event, data),
    messageKey: keyOf(`${source}|${id}`),
    source,
    at: moment(time),
    title: [subject, type].filter(Boolean).join(' '),
    names: [subject, source],
  });
  return isRefusal(transition) ? transition : { transitions: [transition] };
}

/** The key that the data give is one of many at its source. */
const conditionOf = ({ source, subject, type }: CloudEvent, data: Loose): string | null => {
  const named = cleanLine(first(data, KEYS), 1000);
  return keyOf([source, ...(named ? [named] : [subject ?? '', stemOf(type)])].join('|'));
};

/** `{source} {subject}` takes attributes, `{/equipment}` a member of the data (RFC 6901); one that is missing leaves the template unused. */
function templated({ condition }: Mapping = {}, { attributes, data }: CloudEvent): string | null {
  if (typeof condition !== 'string' || !/\{[^{}]+\}/.test(condition)) return null;
  let isWhole = true;
  const text = condition.replace(/\{([^{}]+)\}/g, (_braces, name: string) => {
    const value = cleanLine(name.startsWith('/') ? pointed(data, name) : own(attributes, name), 400);
    isWhole &&= value !== null;
    return value ?? '';
  });
  return isWhole ? text : null;
}

const own = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Loose)[name] : undefined;
const pointed = (data: unknown, pointer: string): unknown =>
  pointer
    .slice(1)
    .split('/')
    .reduce((value, name) => own(value, name.replaceAll('~1', '/').replaceAll('~0', '~')), data);
