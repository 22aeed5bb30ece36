/**
 * Standard Webhooks 1.0.0: an envelope `{type, timestamp, data}` whose signature is checked before anything reads it (`signatures.ts`). The
 * id in the headers names the message: it stays the same on retries, while the timestamp and the signature in the headers change.
 */
import { isRefusal } from '../../shared/kernel/refusal.ts';
import { type Adapter, cleanLine, isObject, jsonObject, keyOf } from './adapter.ts';
import { plainAlarm, stateIn } from './plain.ts';
import { gather, missing } from './reading.ts';
import { moment } from './times.ts';
import { kindOfType, stemOf } from './words.ts';

export const standardWebhooks: Adapter = (message) => {
  const read = jsonObject(message.body);
  if (isRefusal(read)) return read;
  const { type: said, timestamp, data } = read.json;
  const type = cleanLine(said, 200);
  if (!type) return missing('/type', 'This is not a Standard Webhook: it has no type.');
  if (!isObject(data)) return missing('/data', 'This is not a Standard Webhook of ours: its data is not an object.');
  return gather([data], 'Event', (_item, _i, warn) => {
    const transition = plainAlarm(data, {
      message,
      warn,
      path: '/data',
      kind: kindOfType(type, message.mapping?.types, stateIn(data)),
      messageKey: keyOf(message.headers['webhook-id'] ?? message.headers['svix-id']),
      at: moment(timestamp),
      title: stemOf(type),
    });
    return isRefusal(transition) ? transition : { transitions: [transition] };
  });
};
