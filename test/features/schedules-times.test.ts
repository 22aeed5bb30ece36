/** When work is due: five-field cron against a parser that is not ours, and what clocks that change make of it. */
import { Cron as Croner } from 'croner';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCron, nextOf, parseCron } from '../../shared/features/schedules/cron.ts';
import { dueTimes, nextTime } from '../../shared/features/schedules/times.ts';
import '../kit/seed.ts';

const runs = (cron: string, zone: string, after: string, many: number) => {
  const parsed = parseCron(cron)!;
  const found: string[] = [];
  for (let at: number | undefined = Date.parse(after); found.length < many;) {
    at = nextOf(parsed, at, zone);
    if (at === undefined) break;
    found.push(new Date(at).toISOString());
  }
  return found;
};

describe('cron', () => {
  for (const wrong of [
    '',
    '0 6 * *',
    '0 6 * * * *',
    '60 * * * *',
    '0 24 * * *',
    '5-1 * * * *',
    '0 6 30 2 *',
    '@daily',
    '0 6 * * moon',
    '*/0 * * * *',
    '0 6 0 * *',
    '*-5 * * * *',
    '1.5 * * * *',
  ])
    test(`[L7] ${JSON.stringify(wrong)} means no day`, () => expect(isCron(wrong)).toBe(false));
  test('Mondays at six, on the hour, the last of February in a leap year, either of two days', () => {
    expect(runs('0 6 * * 1', 'Europe/London', '2026-11-20T22:00Z', 2)).toEqual([
      '2026-11-23T06:00:00.000Z',
      '2026-11-30T06:00:00.000Z',
    ]);
    expect(runs('0 6 29 feb *', 'UTC', '2026-11-20T22:00Z', 2)).toEqual([
      '2028-02-29T06:00:00.000Z',
      '2032-02-29T06:00:00.000Z',
    ]);
    expect(runs('0 6 1 * MON', 'UTC', '2026-11-28T00:00Z', 3)).toEqual([
      '2026-11-30T06:00:00.000Z',
      '2026-12-01T06:00:00.000Z',
      '2026-12-07T06:00:00.000Z',
    ]);
  });
  test('says the same as another parser, wherever clocks stand still', () => {
    const field = (least: number, most: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: least, max: most }).map(String),
        fc.integer({ min: 2, max: 9 }).map((step) => `*/${step}`),
        fc
          .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }))
          .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
        fc
          .uniqueArray(fc.integer({ min: least, max: most }), { minLength: 2, maxLength: 4 })
          .map((all) => all.join(',')),
      );
    fc.assert(
      fc.property(
        fc.tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6)),
        fc.constantFrom('UTC', 'Asia/Kolkata', 'America/Phoenix'),
        fc.date({ min: new Date('2024-01-01'), max: new Date('2028-01-01'), noInvalidDate: true }),
        ([minute, hour, day, month, weekday], zone, after) => {
          // A step of days is a star to one and a choice to the other where both days are given.
          fc.pre(!day.startsWith('*/') && !weekday.startsWith('*/'));
          const cron = [minute, hour, day, month, weekday].join(' ');
          const theirs = new Croner(cron, { timezone: zone, paused: true }).nextRuns(3, after);
          expect(runs(cron, zone, after.toISOString(), theirs.length), cron).toEqual(
            theirs.map((at) => at.toISOString()),
          );
        },
      ),
      { numRuns: 150 },
    );
  });
  test('a time that clocks skip comes after the gap, one that they show twice comes once', () => {
    expect(runs('30 1 * * *', 'Europe/London', '2026-03-28T12:00Z', 2)).toEqual([
      '2026-03-29T01:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
    expect(runs('30 2 * * *', 'America/New_York', '2026-03-07T12:00Z', 1)).toEqual(['2026-03-08T07:30:00.000Z']);
    expect(runs('30 1 * * *', 'Europe/London', '2026-10-24T12:00Z', 2)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });
  test('every hour is every hour that passes, on these days too', () => {
    const hours = (from: string, zone: string) =>
      runs('0 * * * *', zone, from, 30).map((at) => (Date.parse(at) - Date.parse(from)) / 3_600_000);
    const each = Array.from({ length: 30 }, (_, i) => i + 1);
    for (const from of ['2026-03-28T12:00:00Z', '2026-10-24T12:00:00Z'])
      for (const zone of ['Europe/London', 'Europe/Berlin', 'Pacific/Apia'])
        expect(hours(from, zone), `${from} ${zone}`).toEqual(each);
    // Half an hour is put in, and the wall shows the full hour twice.
    expect(runs('0 * * * *', 'Australia/Lord_Howe', '2026-04-04T13:00Z', 3)).toHaveLength(3);
  });
  test('a zone that skips a day goes on', () => {
    const found = runs('0 6 * * *', 'Pacific/Apia', '2011-12-28T12:00Z', 4);
    expect([...new Set(found)].sort()).toEqual(found);
  });
});

describe('the hours of a shift', () => {
  const night = { from: '2026-10-24T21:00:00.000Z', to: '2026-10-25T06:00:00.000Z' };
  test('are counted from its begin, as they pass: nine in a night on which clocks go back', () => {
    const times = dueTimes({ every: 'hour-of-shift' }, night.from, night.to, 'Europe/London', night);
    expect(times).toHaveLength(9);
    expect(times.at(-1)).toBe('2026-10-25T05:00:00.000Z');
  });
  test('end with it, and there are none without it', () => {
    expect(nextTime({ every: 'hour-of-shift', hours: 4 }, '2026-10-25T05:00:00.000Z', 'UTC', night)).toBeNull();
    expect(nextTime({ every: 'hour-of-shift' }, '2026-10-25T05:00:00.000Z', 'UTC')).toBeNull();
  });
});

test('after a long stop the times of a month are enough', () => {
  const times = dueTimes(
    { weekdays: ['mon'], at: '06:00' },
    '2020-01-06T06:00:00.000Z',
    '2026-11-23T07:00:00.000Z',
    'UTC',
  );
  expect(times).toEqual([
    '2026-10-26T06:00:00.000Z',
    '2026-11-02T06:00:00.000Z',
    '2026-11-09T06:00:00.000Z',
    '2026-11-16T06:00:00.000Z',
    '2026-11-23T06:00:00.000Z',
  ]);
});
