/** Each rule of the verdict by itself: what it looks at is all that it knows. */
import type { IncidentState } from '../../shared/features/incidents/contract.ts';
import type { WindowState } from '../../shared/features/windows/contract.ts';
import { describe, expect, test } from 'vitest';
import { DEFAULTS, tuned, tuning, type Held } from '../../shared/features/alarms/contract.ts';
import { chatters } from '../../shared/features/alarms/rules/chattering.ts';
import { judge } from '../../shared/features/alarms/rules/judge.ts';
import type { Around, Situation } from '../../shared/features/alarms/rules/rule.ts';
import { follows } from '../../shared/features/alarms/rules/suppressed.ts';
import { PACKAGING } from '../kit/given.ts';
import { after } from '../kit/signals.ts';

const NOW = Date.parse(after(0));
const around: Around = {
  settings: DEFAULTS,
  position: PACKAGING,
  windows: [],
  floods: [],
  announced: 0,
  causes: [],
};
const verdict = (more: Partial<Situation> = {}, beside: Partial<Around> = {}): Held | null =>
  judge({
    condition: 'this one',
    priority: 'P2',
    isQuiet: false,
    since: NOW,
    now: NOW,
    delayUntil: null,
    shelved: null,
    outOfService: null,
    chattering: null,
    around: { ...around, ...beside },
    ...more,
  });

const MINUTE = 60;
const maintenance = {
  equipment: `${PACKAGING}/line-3`,
  area: PACKAGING,
  from: after(-MINUTE),
  to: after(MINUTE),
  reason: 'Bearing is changed',
  status: 'open',
} as unknown as WindowState;
const flood = { area: PACKAGING, kind: 'flood', status: 'open' } as unknown as IncidentState;

describe('a maintenance window', () => {
  test('holds until it ends; of two, until the later one ends', () => {
    expect(verdict({}, { windows: [maintenance] })).toMatchObject({ by: 'maintenance', until: after(MINUTE) });
    const later = { ...maintenance, to: after(2 * MINUTE) };
    expect(verdict({}, { windows: [maintenance, later] })).toMatchObject({ until: after(2 * MINUTE) });
  });
  for (const [what, window] of [
    ['not yet', { ...maintenance, from: after(1) }],
    ['no longer', { ...maintenance, to: after(0) }],
    ['not when it was cancelled', { ...maintenance, status: 'cancelled' as const }],
  ] as const)
    test(what, () => expect(verdict({}, { windows: [window] })).toBeNull());
  test('holds what is critical too: people work there', () =>
    expect(verdict({ priority: 'P1' }, { windows: [maintenance] })).toMatchObject({ by: 'maintenance' }));
});

describe('a flood', () => {
  test('that is open holds the very next alarm, whatever the count says', () =>
    expect(verdict({}, { floods: [flood] })).toMatchObject({ by: 'flood' }));
  test('begins with the tenth', () => {
    expect(verdict({}, { announced: 8 })).toBeNull();
    expect(verdict({}, { announced: 9 })).toMatchObject({ by: 'flood' });
  });
  test('never holds P1', () => expect(verdict({ priority: 'P1' }, { announced: 50, floods: [flood] })).toBeNull());
});

test('of several rules the one that lasts beyond the others is named first', () => {
  const all = { windows: [maintenance], announced: 50 };
  const shelved = { until: after(MINUTE), by: 'ana', reason: 'x', oneShot: false, confirmedBy: null };
  const chattering = { count: 3, since: after(-MINUTE), quietMinutes: 10 };
  const outOfService = { by: 'ana', permit: 'PTW-1', reason: 'x', since: after(-MINUTE) };
  const more: Partial<Situation> = { priority: 'P4', isQuiet: true, outOfService, shelved, chattering };
  const held: string[] = [];
  let left = more;
  for (const [next, without] of [
    ['quiet', { isQuiet: false }],
    ['out_of_service', { outOfService: null }],
    ['shelved', { shelved: null }],
  ] as const) {
    expect(verdict(left, all)).toMatchObject({ by: next });
    held.push(next);
    left = { ...left, ...without };
  }
  expect(verdict(left, all)).toMatchObject({ by: 'maintenance' });
  expect(verdict(left, { announced: 50 })).toMatchObject({ by: 'chattering' });
  expect(verdict({ ...left, chattering: null }, { announced: 50 })).toMatchObject({ by: 'delay' });
  expect(verdict({ ...left, chattering: null, delayUntil: NOW }, { announced: 50 })).toMatchObject({ by: 'flood' });
});

describe('chattering', () => {
  const seconds = (...times: number[]) => times.map((time) => NOW + time * 1000);
  for (const [what, times, wanted] of [
    ['nothing', [], null],
    ['three within a minute', [0, 30, 59], 3],
    ['three, the first a minute ago', [0, 30, 60], null],
    ['ten within an hour', [0, 400, 800, 1200, 1600, 2000, 2400, 2800, 3200, 3599], 10],
    ['ten, the first an hour ago', [0, 400, 800, 1200, 1600, 2000, 2400, 2800, 3200, 3600], null],
  ] as const)
    test(`${what}: ${wanted === null ? 'no' : 'yes'}`, () =>
      expect(chatters(seconds(...times), DEFAULTS)?.count ?? null).toBe(wanted));
});

describe('suppression', () => {
  const when = { conditionKey: 'x' };
  const thing = { conditionKey: 'LS-1', equipment: 'leeds/packaging/line-3/filler-2' };
  for (const [what, suppress, wanted] of [
    ['by the subtree', { equipment: 'leeds/packaging/line-3' }, true],
    ['not by a neighbour whose name begins the same', { equipment: 'leeds/packaging/line-3/filler' }, false],
    ['by its key', { conditionKeys: ['LS-0', 'LS-1'] }, true],
    ['not by one of the two when both are said', { equipment: 'leeds/packaging', conditionKeys: ['LS-2'] }, false],
  ] as const)
    test(what, () => expect(follows({ when, suppress: suppress as never, reason: 'x' }, thing)).toBe(wanted));
  test('what stands nowhere is not in any subtree', () =>
    expect(follows({ when, suppress: { equipment: 'leeds' }, reason: 'x' }, { ...thing, equipment: null })).toBe(
      false,
    ));
});

describe('tuning', () => {
  test('field by field the nearest counts, and what nobody says is the default', () =>
    expect(
      tuned({ onDelay: { P3: 30, P4: 90 }, flood: { start: 20 } }, undefined, {
        onDelay: { P3: 5 },
        offDelay: 0,
        chattering: { perMinute: 5 },
      }),
    ).toEqual({
      ...DEFAULTS,
      onDelay: { P1: 0, P2: 0, P3: 5, P4: 90 },
      offDelay: 0,
      chattering: { perMinute: 5, perHour: 10, quietMinutes: 10 },
      flood: { start: 20, end: 5, minutes: 10 },
    }));
  for (const wrong of [
    { onDelay: { P1: 1 } },
    { onDelay: { P3: -1 } },
    { suppress: [{ when: {}, suppress: { equipment: 'leeds' }, reason: 'x' }] },
    { suppress: [{ when: { conditionKey: 'x' }, suppress: {}, reason: 'x' }] },
    { standing: 24 },
  ])
    test(`${JSON.stringify(wrong)} is refused`, () => expect(tuning.safeParse(wrong).success).toBe(false));
});
