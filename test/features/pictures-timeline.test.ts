/** The timeline of a shift: counted by ten minutes of the world's clock, labelled by the wall's. */
import { describe, expect, test } from 'vitest';
import { momentsOf } from '../../shared/features/shifts/timeline.ts';
import { timelineOf, type Moment } from '../../shared/kernel/timeline.ts';
import { isQuiet, timelinePicture, timelineWords } from '../../plugin/pictures/timeline-picture.ts';
import { createTimelines } from '../../plugin/timelines.ts';
import { aNightShift, anOrganisation, aTask, night, pump } from '../kit/given.ts';
import { manualClock } from '../kit/manual-clock.ts';
import { memoryMemory } from '../kit/memory-vault.ts';
import { ana, dana } from '../kit/people.ts';
import { nodesIn, svgOf } from '../kit/pictures.ts';
import { createPlant } from '../kit/plant.ts';
import { scriptedLink } from '../kit/scripted-link.ts';

const LONDON = 'Europe/London';
const NIGHT = { from: '2026-11-20T22:00:00.000Z', to: '2026-11-21T06:00:00.000Z' };
const at = (minutes: number, from = NIGHT.from): string => new Date(Date.parse(from) + minutes * 60_000).toISOString();
const over = (moments: readonly Moment[], now = at(300)) => timelineOf({ ...NIGHT, goesOn: true, now }, moments);
const many = (count: number, minute: number): Moment[] =>
  Array.from({ length: count }, (_, n) => ({ at: at(minute + (n % 10)), mark: 'raised' }));
const labelsIn = (svg: string): string[] =>
  [...svg.matchAll(/operary-axis"[^>]*>(\d\d:\d\d)</g)].map(([, text]) => text!);

describe('counting', () => {
  test('a shift has a bucket for every ten minutes; what lies outside is counted and not drawn', () => {
    const timeline = over([
      ...many(3, 190),
      { at: at(-60 * 24 * 365), mark: 'logged' },
      { at: at(479), mark: 'closed' },
    ]);
    expect(timeline.raised).toHaveLength(48);
    expect([timeline.raised[19], timeline.closed[47], timeline.outside]).toEqual([3, 1, 1]);
  });
  test('a shift that goes on after its end has more of them; one that is sealed has not', () => {
    const now = at(500);
    expect(timelineOf({ ...NIGHT, goesOn: true, now }, [{ at: at(495), mark: 'opened' }])).toMatchObject({
      outside: 0,
    });
    expect(timelineOf({ ...NIGHT, goesOn: false, now }, [{ at: at(495), mark: 'opened' }])).toMatchObject({
      outside: 1,
    });
  });
  test('a shift of a year, or one that ends before it begins, makes no year of buckets', () => {
    const long = timelineOf({ from: NIGHT.from, to: '2027-11-20T22:00:00.000Z', goesOn: false, now: NIGHT.to }, []);
    expect(long.raised.length).toBeLessThanOrEqual(432);
    expect(timelineOf({ from: NIGHT.to, to: NIGHT.from, goesOn: false, now: NIGHT.to }, []).raised).toHaveLength(1);
  });
  test('of the events of a shift it counts alarms, tasks made and ended, and entries', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift(), aTask('done', { priority: 'P2' }));
    const counted = async () => {
      const events = (await plant.events()).filter(({ shift }) => shift === night.id);
      return momentsOf(events).map(({ mark }) => mark);
    };
    expect(await counted()).toEqual(['opened']);
    await plant.run(pump.verify().by(dana), night.log({ text: 'Restarted.', kind: 'production' }).by(ana));
    expect(await counted()).toEqual(['opened', 'closed', 'logged']);
  });
});
describe('the picture', () => {
  const busy = over([
    ...[...many(4, 30), ...many(18, 190), ...many(12, 200), ...many(3, 260)],
    ...[35, 192, 205].map((minute): Moment => ({ at: at(minute), mark: 'opened' })),
    ...[240, 290].map((minute): Moment => ({ at: at(minute), mark: 'closed' })),
    ...[5, 40, 195, 196, 280].map((minute): Moment => ({ at: at(minute), mark: 'logged' })),
  ]);
  test('of a busy night is this', async () => {
    await expect(svgOf(timelinePicture(busy, LONDON, 340))).toMatchFileSnapshot('../golden/pictures/timeline.svg');
  });
  test('says in words what it shows, and floods with words beside the colour', () => {
    expect(timelineWords(busy, LONDON)).toEqual([
      '37 alarms · tasks: 3 opened, 2 closed · 5 entries in the log.',
      'Flood, more than 10 alarms in 10 minutes: 01:10–01:30 (18).',
    ]);
    const svg = svgOf(timelinePicture(busy, LONDON, 340));
    expect(svg).toContain('>▲18<');
    expect(svg).toContain('<desc>37 alarms · tasks');
  });
  test('ten alarms are no flood, eleven are', () => {
    expect(timelineWords(over(many(10, 0)), LONDON).join()).not.toContain('Flood');
    expect(timelineWords(over(many(11, 0)), LONDON).join()).toContain('Flood');
  });
  test('a quiet shift says so in words', () => {
    expect(isQuiet(over([]))).toBe(true);
    expect(timelineWords(over([]), LONDON)).toEqual(['Nothing has happened in this shift yet.']);
    expect(timelineWords(over([{ at: at(1), mark: 'logged' }]), LONDON)[0]).toContain('No alarms · tasks: 0 opened');
  });
  test('stays small with five thousand alarms', () => {
    const alarms = Array.from({ length: 5000 }, (_, n): Moment => ({ at: at((n * 7) % 480), mark: 'raised' }));
    const picture = timelinePicture(over(alarms), LONDON, 340);
    expect(nodesIn(picture)).toBeLessThan(60);
    expect(svgOf(picture).length).toBeLessThan(12_000);
  });
});

describe('the nights on which the clocks change', () => {
  const day = (from: string, to: string) =>
    timelineOf({ from, to, goesOn: false, now: to }, [{ at: from, mark: 'logged' }]);
  test('a day of 25 hours has 150 buckets, and its hours stand where the wall clock says them', () => {
    const long = day('2026-10-24T23:00:00.000Z', '2026-10-26T00:00:00.000Z');
    expect(long.raised).toHaveLength(150);
    expect(timelineWords(long, LONDON).at(-1)).toBe('The clocks change in this shift.');
    expect(labelsIn(svgOf(timelinePicture(long, LONDON, 340)))).toEqual([
      '00:00',
      '04:00',
      '08:00',
      '12:00',
      '16:00',
      '20:00',
      '00:00',
    ]);
  });
  test('a day of 23 hours has 138', () => {
    const short = day('2027-03-28T00:00:00.000Z', '2027-03-28T23:00:00.000Z');
    expect(short.raised).toHaveLength(138);
    expect(timelineWords(short, LONDON).at(-1)).toBe('The clocks change in this shift.');
  });
  test('a night shift with the hour that comes twice shows it twice', () => {
    const night = day('2026-10-24T21:00:00.000Z', '2026-10-25T06:00:00.000Z');
    expect(labelsIn(svgOf(timelinePicture(night, LONDON, 340)))).toEqual(['22:00', '00:00', '02:00', '04:00', '06:00']);
    const short = day('2026-10-24T23:00:00.000Z', '2026-10-25T03:00:00.000Z');
    expect(labelsIn(svgOf(timelinePicture(short, LONDON, 340)))).toEqual(['00:00', '01:00', '01:00', '02:00', '03:00']);
  });
  test('an ordinary night says nothing of clocks, also where zones are off by half an hour', () => {
    for (const zone of [LONDON, 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'])
      expect(timelineWords(over(many(1, 5)), zone).join()).not.toContain('clocks');
    expect(labelsIn(svgOf(timelinePicture(over(many(1, 5)), 'Asia/Kolkata', 340)))[0]).toBe('04:00');
  });
});

describe('asking for it', () => {
  const PATH = '/v1/shifts/x/timeline';
  const open = (memory = memoryMemory()) => {
    let entries = 0;
    const link = scriptedLink({ [`GET ${PATH}`]: () => ({ json: over(many(++entries, 0)) }) });
    const clock = manualClock();
    let changes = 0;
    const timelines = createTimelines(link, clock, memory, () => void (changes += 1));
    return { link, clock, timelines, changes: () => changes };
  };
  test('it is asked for once for what was seen, and again for news, but not with every look', async () => {
    const { link, clock, timelines, changes } = open();
    expect(timelines.of(PATH, 7)).toBeUndefined();
    timelines.of(PATH, 7);
    await clock.pass(1);
    expect(timelines.of(PATH, 7)?.raised[0]).toBe(1);
    for (let position = 8; position < 20; position++) timelines.of(PATH, position);
    await clock.pass(2_000);
    expect(link.asked).toHaveLength(1);
    await clock.pass(10_000);
    expect(link.asked).toHaveLength(2);
    expect([timelines.of(PATH, 8)?.raised[0], changes()]).toEqual([2, 2]);
  });
  test('without a network the last one stays, also after a restart, and the next look asks again', async () => {
    const memory = memoryMemory();
    const { link, clock, timelines } = open(memory);
    timelines.of(PATH, 7);
    await clock.pass(1);
    timelines.stop();
    const { answers } = link;
    const later = open(memory);
    later.link.answers = { [`GET ${PATH}`]: () => 'nothing' };
    expect(later.timelines.of(PATH, 8)?.raised[0]).toBe(1);
    await later.clock.pass(1);
    expect(later.timelines.of(PATH, 8)?.raised[0]).toBe(1);
    later.link.answers = answers;
    await later.clock.pass(10_000);
    expect(later.timelines.of(PATH, 8)?.raised[0]).toBe(2);
    expect(later.link.asked).toHaveLength(2);
  });
});
