/** The rules of webhooks. An endpoint that is gone or does not answer for days stops by itself, visibly, and goes on when an admin says so. */
import type { Decide } from '../../kernel/feature.ts';
import { refuse } from '../../kernel/refusal.ts';
import { utc } from '../../kernel/schema.ts';
import { OVERLAP_HOURS, type commands, type WebhookState } from './contract.ts';

const HOUR = 3_600_000;
/** Messages older than these are no news to anybody; the archive has them. */
const MOST_DAYS = 30;

const RETIRED = refuse('transition-not-allowed', 'This webhook is retired for good. Create a new one.');

export const decide: Decide<WebhookState, typeof commands> = {
  create: (_state, { input: { url, types, name, area }, minted }) => [
    { type: 'webhook.created', body: { url, types, name, area: area ?? null, hash: minted['secretHash'] } },
  ],
  rotate: ({ status, hash }, { minted, now }) => {
    if (status === 'retired') return RETIRED;
    const previousUntil = utc(Date.parse(now) + OVERLAP_HOURS * HOUR);
    return [{ type: 'webhook.rotated', body: { hash: minted['secretHash'], previous: hash, previousUntil } }];
  },
  pause: ({ status }) => {
    if (status === 'active') return [{ type: 'webhook.paused', body: {} }];
    return refuse('transition-not-allowed', `This webhook is ${status}: nothing is sent there already.`);
  },
  resume: ({ status }) => {
    if (status === 'retired') return RETIRED;
    return status === 'active'
      ? refuse('transition-not-allowed', 'This webhook is active; there is nothing to resume.')
      : [{ type: 'webhook.resumed', body: {} }];
  },
  retire: ({ status }) => (status === 'retired' ? RETIRED : [{ type: 'webhook.retired', body: {} }]),
  redeliver: ({ status }, { input: { event, since }, now }) => {
    if (status !== 'active')
      return refuse('transition-not-allowed', `This webhook is ${status}. Resume it first; what waits goes out then.`);
    if ((event === undefined) === (since === undefined))
      return refuse('invalid-input', 'Say either event or since: one event, or everything from a time on.', {
        fields: [{ field: '/event', problem: 'Either this or since.' }],
      });
    if (since !== undefined && Date.parse(since) < Date.parse(now) - MOST_DAYS * 24 * HOUR)
      return refuse('invalid-input', `since: at most ${MOST_DAYS} days ago. Export what is older.`, {
        fields: [{ field: '/since', problem: `At most ${MOST_DAYS} days ago.` }],
      });
    return [{ type: 'webhook.redelivery_asked', body: { event: event ?? null, since: since ?? null } }];
  },
  // It may have been paused or retired while the last attempt was under way.
  suspend: ({ status }, { input: { because, ...trouble } }) => {
    if (status !== 'active') return [];
    return because === 'gone'
      ? [{ type: 'webhook.disabled', body: trouble }]
      : [{ type: 'webhook.failing', body: { ...trouble, because } }];
  },
};
