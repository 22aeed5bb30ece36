import { expect, test } from 'vitest';
import type { CommandOutcome, DeviceCommand } from '../../shared/sync/messages.ts';
import {
  broughtBack,
  counts,
  isQueued,
  lastDeviceSeq,
  nextBatch,
  nextTime,
  pruned,
  settle,
  unconfirmed,
  union,
  type Entry,
  type Outbox,
} from '../../shared/sync/outbox.ts';
import { derivedId } from '../../shared/kernel/ids.ts';

const id = (deviceSeq: number): string => derivedId('test', 'command', String(deviceSeq));
const DAY = 24 * 3_600_000;

function entry(deviceSeq: number, more: Partial<Entry> = {}): Entry {
  const command: DeviceCommand = {
    id: id(deviceSeq),
    type: 'tasks.note',
    v: 1,
    subject: id(0),
    body: { text: `Entry ${deviceSeq}` },
    deviceSeq,
    observedSeq: 7,
    occurredAt: '2026-11-21T06:00:00.000Z',
    tz: 'Europe/London',
    clockOffsetMs: 0,
  };
  return { device: 'a', command, shown: [], state: 'waiting', tries: 0, notBefore: 0, flags: [], revision: 1, ...more };
}
const many = (count: number): Outbox => Array.from({ length: count }, (_, i) => entry(i + 1));
const numbers = (entries: readonly Entry[]): number[] => entries.map(({ command }) => command.deviceSeq);
const outcome = (deviceSeq: number, more: Partial<CommandOutcome> = {}): CommandOutcome => ({
  id: id(deviceSeq),
  outcome: 'accepted',
  flags: [],
  ...more,
});
const trouble = (status: number) => ({
  outcome: 'rejected' as const,
  problem: { type: 'x', title: 'x', status, code: 'x', detail: 'Not now.' },
});
const after = (outbox: Outbox, outcomes: readonly CommandOutcome[], now = 0): Outbox =>
  union(outbox, settle(outbox, outcomes, now));

test('batches go out in the order of the device, at most fifty, of one identity at a time', () => {
  expect(numbers(nextBatch(many(60), 50, 0))).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  const mixed = [entry(1, { device: 'old' }), entry(2), entry(3, { device: 'old' })];
  expect(numbers(nextBatch(mixed, 50, 0))).toEqual([1, 3]);
  const long = many(3).map((one) => ({ ...one, command: { ...one.command, body: { text: 'x'.repeat(600_000) } } }));
  expect(numbers(nextBatch(long, 50, 0))).toEqual([1]);
});

test('each entry is settled by its own outcome, and an answer that comes twice changes nothing', () => {
  const outbox = after(many(5), [
    outcome(1, { seq: 41 }),
    outcome(2, { outcome: 'duplicate', seq: 12 }),
    outcome(3, { outcome: 'flagged', seq: 42, flags: ['concurrent_completion'] }),
    outcome(4, { outcome: 'held', ...{ problem: trouble(403).problem } }),
    outcome(5, trouble(409)),
  ]);
  expect(outbox.map(({ state }) => state)).toEqual(['stored', 'stored', 'attention', 'attention', 'attention']);
  expect(outbox.some(isQueued)).toBe(false);
  expect(counts(outbox)).toEqual({ waiting: 0, attention: 3 });
  expect(settle(outbox, [outcome(5)], 0)).toEqual([]);
  expect(settle(outbox, [outcome(99)], 0)).toEqual([]);
});

test('a permanent failure of one never blocks those behind it; a passing one is tried again later, and they go on', () => {
  let outbox = after(many(3), [outcome(1, trouble(409)), outcome(2, trouble(503))]);
  expect(numbers(nextBatch(outbox, 50, 0))).toEqual([3]);
  expect(nextTime(outbox, 0)).toBe(5_000);
  expect(numbers(nextBatch(outbox, 50, 5_000))).toEqual([2, 3]);
  for (let i = 0; i < 4; i++) outbox = after(outbox, [outcome(2, trouble(429))], 0);
  const second = outbox[1]!;
  expect([second.state, second.tries, isQueued(second)]).toEqual(['attention', 5, true]);
  outbox = after(outbox, [outcome(2, { seq: 50 })]);
  expect([outbox[1]!.state, outbox[1]!.problem]).toEqual(['stored', undefined]);
});

test('of two copies the later state holds, whichever store has it', () => {
  const [old, settled] = [many(2), after(many(2), [outcome(1, { seq: 8 })])];
  expect(union(old, settled)).toEqual(settled);
  expect(union(settled, old, [entry(3)]).map(({ state }) => state)).toEqual(['stored', 'waiting', 'waiting']);
});

test('what was acknowledged goes back into the queue, unchanged, for a server that may have lost it', () => {
  const outbox = after(many(4), [outcome(1, { seq: 8 }), outcome(2, trouble(409)), outcome(3, { outcome: 'held' })]);
  const lost = unconfirmed(outbox);
  expect(numbers(lost)).toEqual([1, 3]);
  const again = union(outbox, lost.map(broughtBack));
  expect(numbers(nextBatch(again, 50, 0))).toEqual([1, 3, 4]);
  expect(again[0]!.command).toBe(outbox[0]!.command);
});

test('[L4] signed anew under another number, an id that the server knows is one that it has', () => {
  const known = { type: 'x', title: 'x', status: 422, code: 'command-id-reused', detail: 'Used before.' };
  const [mine] = settle([entry(1, { renumbered: true })], [outcome(1, { outcome: 'rejected', problem: known })], 0);
  expect([mine!.state, mine!.outcome]).toEqual(['stored', 'duplicate']);
  const [other] = settle([entry(1)], [outcome(1, { outcome: 'rejected', problem: known })], 0);
  expect(other!.state).toBe('attention');
});

test('acknowledged entries are kept for 30 days, unseen ones until they are seen, and the highest number for ever', () => {
  const outbox = after(many(3), [outcome(1), outcome(2, trouble(409)), outcome(3)], 0);
  expect(numbers(pruned(outbox, 29 * DAY))).toEqual([1, 2, 3]);
  expect(numbers(pruned(outbox, 31 * DAY))).toEqual([2, 3]);
  expect(lastDeviceSeq(pruned(outbox, 31 * DAY), 'a')).toBe(3);
  expect(lastDeviceSeq(outbox, 'b')).toBe(0);
});
