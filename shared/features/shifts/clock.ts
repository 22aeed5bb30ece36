/** The rules of the clock, and of what people say about what it did. */
import type { Fact } from '../../kernel/event.ts';
import type { Ask } from '../../kernel/feature.ts';
import type { Row } from '../../kernel/read.ts';
import { refuse, type Refusal } from '../../kernel/refusal.ts';
import type { TaskState } from '../tasks/contract.ts';
import { clockAt } from './clock-words.ts';
import type { ShiftState } from './contract.ts';

const MINUTE = 60_000;
/** A clock that comes so late was not running, nor could devices tell what people did meanwhile: they have as long again as below. */
const CAME_LATE = 5 * MINUTE;
const WAIT_FOR_DEVICES = 15 * MINUTE;
/** So many tasks fit into one entry of the log. */
const PER_ENTRY = 1000;

export const isTime = (state: ShiftState, { now }: Ask): boolean => {
  const at = clockAt(state);
  return at !== null && at <= now;
};

/**
 * Before the seal, since nothing may come between the photograph and it: what is left open, and when the seal follows. At once, unless the
 * clock itself comes late.
 */
export function graceOver(state: ShiftState, ask: Ask, todo: readonly Row<TaskState>[]): readonly Fact[] {
  const [now, due] = [Date.parse(ask.now), Date.parse(clockAt(state)!)];
  const sealsAt = now - due > CAME_LATE ? new Date(now + WAIT_FOR_DEVICES).toISOString() : ask.now;
  const decided = new Set(state.signature?.decisions.map(({ task }) => task));
  const left = todo.map(({ key }) => key).filter((key) => !decided.has(key));
  return Array.from({ length: Math.max(1, Math.ceil(left.length / PER_ENTRY)) }, (_, i) => ({
    type: 'shift.grace_over',
    body: { tasks: left.slice(i * PER_ENTRY, (i + 1) * PER_ENTRY), sealsAt },
  }));
}

/** By whoever leads a shift that began after it: they have what it left open. */
export function acceptedLate(
  state: ShiftState,
  ask: Ask<{ readonly text?: string | undefined }>,
  running: readonly Row<ShiftState>[],
): readonly Fact[] | Refusal {
  const { seal, signature, startedBy, startedSeq, lateAcceptance } = state;
  const { caller } = ask;
  if (!seal) return refuse('not-sealed', 'This shift is not sealed: accept its handover instead.');
  if (seal.kind === 'accepted')
    return refuse('transition-not-allowed', 'This shift was accepted before it was sealed; nothing is missing.');
  if (lateAcceptance) return refuse('transition-not-allowed', 'This shift was accepted after its seal already.');
  if (caller.id === (signature?.by ?? startedBy))
    return refuse('same-person', 'Whoever led the shift cannot accept it. The supervisor of a later shift does this.');
  const leads = running.some(
    ({ value }) =>
      (value.startedSeq ?? 0) > (startedSeq ?? 0) &&
      (value.startedBy === caller.id ||
        value.crew.some(
          ({ user, role, state: said }) => user === caller.id && role === 'supervisor' && said !== 'out',
        )),
  );
  if (!leads)
    return refuse(
      'transition-not-allowed',
      `Only a supervisor of the shift that runs in ${state.area} now accepts what was left. Start that shift, or check in to it, first.`,
    );
  return [{ type: 'shift.accepted_late', body: { text: ask.input.text ?? null } }];
}
