/**
 * OPC UA PubSub JSON that carries alarms and conditions (OPC 10000-14, -9). Which members a message has is up to its publisher: envelope,
 * single message, bare payload and lists of each are told apart by what is there. Every notification has an EventId of its own, so an
 * episode is named by the time when it became active, where that is said.
 */
import type { Transition } from '../../shared/features/alarms/contract.ts';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import type { Priority } from '../../shared/kernel/work.ts';
import { type Adapter, cleanLine, isObject, keyOf, type Loose, type Message } from './adapter.ts';
import { type Fields, fieldsOf } from './opcua-fields.ts';
import { bare, gather, jsonIn, missing, namesOf, type Read, scalar, type Warn } from './reading.ts';
import { moment } from './times.ts';
import type { Kind } from './words.ts';

export const opcua: Adapter = (message) => {
  const read = jsonIn(message.body);
  if (isRefusal(read)) return read;
  const network = isObject(read.value) ? read.value : {};
  // What tells of the publisher itself tells of no alarm.
  if (/^ua-(?!data$|event$|deltaframe$|keyframe$)/.test(cleanLine(network['MessageType'], 60) ?? ''))
    return { transitions: [], warnings: [] };
  const messages = listOf('Messages' in network ? network['Messages'] : read.value);
  return gather(messages, 'Message', (item, i, warn) => {
    if (!isObject(item)) return missing('/Messages', 'A message of OPC UA PubSub is an object.', 'not an object');
    const payload = 'Payload' in item ? item['Payload'] : item;
    if (item['MessageType'] === 'ua-keepalive' || payload === null) return { transitions: [] };
    if (!isObject(payload))
      return missing('/Messages/Payload', 'The payload is not an object of fields.', 'not an object');
    return condition(fieldsOf(payload), { message, network, item, index: i, warn });
  });
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value]);

interface Around {
  readonly message: Message;
  readonly network: Loose;
  readonly item: Loose;
  readonly index: number;
  readonly warn: Warn;
}

function condition(fields: Fields, around: Around): ReturnType<Read> {
  const { message, item, warn } = around;
  const source = fields.node('SourceNode') ?? fields.text('SourceName');
  const name = fields.text('ConditionName') ?? (fields.has('ActiveState/Id') ? null : fields.node('EventType'));
  const branch = fields.node('BranchId');
  const conditionKey = keyOf([source, name, branch].filter(Boolean).join('|')) ?? keyOf(fields.node('ConditionId'));
  if (!conditionKey)
    return missing(
      '/Messages/Payload/SourceNode',
      'An event needs SourceNode or SourceName, and ConditionName. Add them to the published data set.',
    );
  const kinds = kindsIn(fields);
  const since = moment(fields.value('ActiveState/TransitionTime'));
  const at = moment(fields.value('Time')) ?? moment(item['Timestamp']) ?? message.receivedAt;
  const event = messageKey(fields, around);
  const ackedAt = moment(fields.value('AckedState/TransitionTime'));
  const keys: Partial<Record<Kind, string | null>> = {
    acked: ackedAt ? `acked@${ackedAt}` : event && `${event}|acked`,
  };
  const text = fields.text('Message', 4000);
  const isOut = isOutOfPlay(fields);
  const said = {
    ...bare(message),
    ...severityIn(fields, warn),
    conditionKey,
    at,
    title:
      cleanLine(text, 300) ??
      cleanLine([fields.text('SourceName'), name].filter(Boolean).join(' '), 300) ??
      conditionKey,
    text: text && text.length > 300 ? text : null,
    value: scalar(fields.value('Value')),
    ...namesOf(
      fields.text('SourceName'),
      source,
      /;s=(.+)$/.exec(source ?? '')?.[1],
      cleanLine(item['DataSetWriterName'], 300),
    ),
  } satisfies Partial<Transition>;
  return {
    transitions: kinds.map((kind) => ({
      ...said,
      kind,
      messageKey: keyOf(keys[kind] ?? event),
      occurrenceKey: kind === 'active' && since ? keyOf(`${conditionKey}@${since}`) : null,
      clearCause: kind === 'cleared' ? 'condition' : null,
      ...(kind === 'active' && isOut ? { quiet: true } : {}),
    })),
  };
}

/** All that a notification says, the state before its acknowledgement. An event that is no condition is worth a line. */
function kindsIn(fields: Fields): Kind[] {
  const text = fields.text('ActiveState')?.toLowerCase();
  const active = fields.flag('ActiveState/Id') ?? (text === 'active' ? true : text === 'inactive' ? false : undefined);
  const acked = fields.flag('AckedState/Id') ?? fields.text('AckedState')?.toLowerCase() === 'acknowledged';
  if (active === false) return ['cleared'];
  if (active) return acked ? ['active', 'acked'] : ['active'];
  return acked ? ['acked'] : ['info'];
}

// TimedShelved and OneShotShelved of the standard's own nodes; Unshelved is i=2930.
const SHELVED = /^(?:ns=0;)?i=293[23]$|^(?:timed|oneshot)\s*shelved?$/i;

/** Shelved, suppressed, out of service, disabled, or no longer of interest: the condition follows, nobody is asked. */
const isOutOfPlay = (fields: Fields): boolean =>
  fields.flag('Retain') === false ||
  fields.flag('EnabledState/Id') === false ||
  ['SuppressedOrShelved', 'SuppressedState/Id', 'OutOfServiceState/Id'].some((path) => fields.flag(path) === true) ||
  SHELVED.test(fields.node('ShelvingState/CurrentState/Id') ?? '') ||
  SHELVED.test(fields.text('ShelvingState/CurrentState') ?? '');

/** The bands of the domain model 2.4 on the standard's scale from 1 to 1000. */
function severityIn(fields: Fields, warn: Warn): { readonly severity: string; readonly priority: Priority } {
  const severity = fields.number('Severity');
  if (severity === null) {
    warn('No severity; taken as P3.');
    return { severity: 'none', priority: 'P3' };
  }
  const priority = severity > 800 ? 'P1' : severity > 600 ? 'P2' : severity > 400 ? 'P3' : 'P4';
  return { severity: String(severity), priority };
}

/** The event's own id; where the data set leaves it out, its place in the message that brought it. */
function messageKey(fields: Fields, { network, item, index }: Around): string | null {
  const event = fields.text('EventId', 1000);
  if (event) return event;
  const id = cleanLine(network['MessageId'], 300);
  return id && [cleanLine(network['PublisherId'], 300), id, cleanLine(item['DataSetWriterId'], 60), index].join('|');
}
