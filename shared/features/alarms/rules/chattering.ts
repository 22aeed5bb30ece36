/** Chattering (ISA-18.2): one announcement stands for all activations until it has been quiet. */
import { utc } from '../../../kernel/schema.ts';
import type { Chattering, Settings } from '../contract.ts';
import type { Rule } from './rule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Whether these activations (milliseconds, oldest first) are too many by now. */
export function chatters(recent: readonly number[], { chattering }: Settings): Chattering | null {
  const last = recent.at(-1);
  if (last === undefined) return null;
  const within = (span: number) => recent.filter((time) => time > last - span);
  const { perMinute, perHour, quietMinutes } = chattering;
  const found = [within(MINUTE), within(HOUR)].find((times, i) => times.length >= [perMinute, perHour][i]!);
  return found ? { count: found.length, since: utc(found[0]!), quietMinutes } : null;
}

export const chattering: Rule = ({ priority, chattering: now }) =>
  now && priority !== 'P1'
    ? { by: 'chattering', rule: `Chattering: activated ${now.count} times, announced once for all`, until: null }
    : null;
