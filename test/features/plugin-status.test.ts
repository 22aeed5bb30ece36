/** What the status line says, what clocks say of each other, and what somebody must see to. */
import { expect, test } from 'vitest';
import { createAttention } from '../../plugin/attention.ts';
import type { ConnectionState } from '../../plugin/connection.ts';
import type { Host } from '../../plugin/host.ts';
import { timed } from '../../plugin/link.ts';
import { createClockOffset } from '../../plugin/outbox/offset.ts';
import { statusOf } from '../../plugin/status.ts';
import { manualClock } from '../kit/manual-clock.ts';
import { scriptedLink } from '../kit/scripted-link.ts';
import { memoryMemory } from '../kit/memory-vault.ts';

const words = (state: ConnectionState, waiting = 0, concerns = 0, pending = 0): string =>
  statusOf({ connection: { state }, asking: { pending }, waiting } as unknown as Host, concerns, () => '06:12').words;

test('the status says where the entries are, in plain words', () => {
  expect(words({ kind: 'live' })).toBe('Stored');
  expect(words({ kind: 'live' }, 3)).toBe('Saved here · 3 waiting');
  expect(words({ kind: 'connecting' }, 3)).toBe('Saved here · 3 waiting');
  expect(words({ kind: 'connecting' })).toBe('Connecting…');
  expect(words({ kind: 'offline', since: 0, why: '' })).toBe('Offline since 06:12');
  expect(words({ kind: 'offline', since: 0, why: '' }, 3, 1)).toBe('Offline since 06:12 · 3 waiting');
  expect(words({ kind: 'live' }, 3, 1)).toBe('Needs attention: 1');
  expect(words({ kind: 'live' }, 0, 0, 2)).toBe('Sending 2…');
  expect(words({ kind: 'denied', why: 'Revoked.' }, 3)).toBe('Needs attention');
  expect(statusOf(undefined, 0, () => '').words).toBe('Not connected');
});

test('the offset of the clock is the median of the latest exchanges, each halved for its way', () => {
  const offset = createClockOffset(memoryMemory());
  expect(offset.milliseconds).toBeNull();
  offset.measured(1000, 1200, 600);
  expect(offset.milliseconds).toBe(500);
  for (const wrong of [400, 520, 480, 9000]) offset.measured(1000, 1000, 1000 - wrong);
  expect(offset.milliseconds).toBe(500);
  offset.measured(0, 20_000, 0);
  offset.measured(1000, 1000, Number.NaN);
  expect(offset.milliseconds).toBe(500);
});

test('every answer that says what time it is counts, the half second that its header cuts off included', async () => {
  const heard: number[][] = [];
  const clock = manualClock(10_000);
  const link = timed(
    scriptedLink({ 'GET /v1/x': () => ({ date: 7000 }), 'GET /v1/y': () => ({}) }),
    clock,
    (...times) => heard.push(times),
  );
  await link.request('GET', '/v1/x');
  await link.request('GET', '/v1/y');
  expect(heard).toEqual([[10_000, 10_000, 7500]]);
});

test('who has dismissed something has told so, once', () => {
  const attention = createAttention(
    () => 0,
    () => undefined,
  );
  const seen: string[] = [];
  attention.onDismiss((about) => seen.push(about));
  attention.tell('entry:1', 'Look at this.');
  attention.dismiss('entry:1');
  attention.dismiss('entry:1');
  expect([attention.all, seen]).toEqual([[], ['entry:1']]);
});
