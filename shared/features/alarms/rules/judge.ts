/** The verdict on one activation: the first rule that holds it; null: it asks for somebody now. */
import type { Held } from '../contract.ts';
import { chattering } from './chattering.ts';
import { delay } from './delay.ts';
import { flood } from './flood.ts';
import { maintenance } from './maintenance.ts';
import { outOfService, shelved } from './modes.ts';
import { quiet } from './quiet.ts';
import type { Rule, Situation } from './rule.ts';
import { suppressed } from './suppressed.ts';

// Chattering before the delay: what is never on for long enough would chatter for ever unheard.
const RULES: readonly Rule[] = [quiet, outOfService, shelved, suppressed, maintenance, chattering, delay, flood];

export function judge(situation: Situation): Held | null {
  for (const rule of RULES) {
    const held = rule(situation);
    if (held) return held;
  }
  return null;
}
