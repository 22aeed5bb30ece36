/** Our own generic JSON, with the aliases that other tools' generic webhooks use. One message, one transition. */
import { isRefusal } from '../../shared/kernel/refusal.ts';
import { type Adapter, jsonObject, keyOf } from './adapter.ts';
import { plainAlarm } from './plain.ts';
import { gather } from './reading.ts';

export const generic: Adapter = (message) => {
  const read = jsonObject(message.body);
  if (isRefusal(read)) return read;
  return gather([read.json], 'Event', (_item, _i, warn) => {
    const messageKey = keyOf(message.headers['idempotency-key']);
    const transition = plainAlarm(read.json, { message, messageKey, warn });
    return isRefusal(transition) ? transition : { transitions: [transition] };
  });
};
