/** A shift at a glance: alarms per ten minutes, tasks opened and closed, entries of the log, on one axis of time. */
import { localTime } from '../../shared/kernel/local-time.ts';
import { FLOOD, MARKS, type Mark, type Timeline } from '../../shared/kernel/timeline.ts';
import { shape, words, wordsFrom, type Shape } from './shape.ts';
import { shiftTimelineWords } from '../words/index.ts';

const LEFT = 56;
const RIGHT = 8;
/** The room that a label of an hour wants. */
const LABEL = 36;
const QUARTER = 15 * 60_000;
/** Where each row stands: its base line, how high its bars may be, and how many make a full bar at least. */
const ROW = {
  raised: { base: 62, up: 46, least: FLOOD },
  opened: { base: 90, up: 18, least: 4 },
  closed: { base: 91, up: -18, least: 4 },
  logged: { base: 134, up: 14, least: 4 },
} as const satisfies Record<Mark, { base: number; up: number; least: number }>;
const FLOOR = 138;
const HEIGHT = 156;

/** Drawn for a place of this width, so that its letters are as large as others. */
export function timelinePicture(timeline: Timeline, zone: string, width: number): Shape {
  const sentence = timelineWords(timeline, zone).join(' ');
  const count = timeline.raised.length;
  const right = width - RIGHT;
  const step = (right - LEFT) / count;
  const xAt = (time: number): number =>
    LEFT + ((time - Date.parse(timeline.from)) / (timeline.minutes * 60_000)) * step;
  const row = (mark: Mark, kind: string, chosen: (count: number) => boolean = Boolean): Shape =>
    shape('path', { class: `operary-bar ${kind}`, d: barsOf(timeline[mark], mark, step, chosen) });
  const limit = ROW.raised.base - (FLOOD / scaleOf(timeline.raised, 'raised')) * ROW.raised.up;
  const now = xAt(Date.parse(timeline.now));
  return shape(
    'svg',
    {
      class: 'operary-timeline',
      viewBox: `0 0 ${width} ${HEIGHT}`,
      role: 'img',
      'aria-label': shiftTimelineWords.told(sentence),
    },
    shape('title', {}, shiftTimelineWords.title),
    shape('desc', {}, sentence),
    ...(
      [
        [40, shiftTimelineWords.alarms],
        [84, shiftTimelineWords.opened],
        [103, shiftTimelineWords.closed],
        [132, shiftTimelineWords.log],
      ] as const
    ).map(([y, text]) => wordsFrom(0, y, 'operary-axis', text)),
    shape('path', {
      class: 'operary-grid',
      d: [ROW.raised.base, ROW.opened.base + 0.5, FLOOR].map((y) => `M${LEFT} ${y}H${right}`).join(''),
    }),
    shape('path', { class: 'operary-limit', d: `M${LEFT} ${r(limit)}H${right}` }),
    ...(now > LEFT && now < right ? [shape('path', { class: 'operary-now', d: `M${r(now)} 16V${FLOOR}` })] : []),
    row('raised', 'is-alarm', (many) => many > 0 && many <= FLOOD),
    row('raised', 'is-flood', (many) => many > FLOOD),
    row('opened', 'is-opened'),
    row('closed', 'is-closed'),
    row('logged', 'is-entry'),
    ...peaksOf(timeline.raised).map((at) =>
      words(r(LEFT + (at + 0.5) * step), r(topOf(timeline.raised, at) - 3), 'operary-peak', `▲${timeline.raised[at]}`),
    ),
    ...hoursOf(timeline, zone, xAt, right).map(([x, text]) => words(r(x), HEIGHT - 6, 'operary-axis', text)),
  );
}

const totalOf = (timeline: Timeline, mark: Mark): number => timeline[mark].reduce((sum, many) => sum + many, 0);

/** Nothing to draw. */
export const isQuiet = (timeline: Timeline): boolean => MARKS.every((mark) => !totalOf(timeline, mark));

/** What it shows, in sentences: for whoever does not see it, and under it for everybody. */
export function timelineWords(timeline: Timeline, zone: string): readonly string[] {
  if (isQuiet(timeline) && !timeline.outside) return [shiftTimelineWords.nothing];
  const [alarms, opened, closed, entries] = MARKS.map((mark) => totalOf(timeline, mark));
  const floods = floodsOf(timeline, zone);
  return [
    shiftTimelineWords.counts(alarms!, opened!, closed!, entries!),
    ...(floods.length ? [shiftTimelineWords.floods(FLOOD, floods.slice(0, 3).join(', '), floods.length - 3)] : []),
    ...(timeline.outside ? [shiftTimelineWords.outside(timeline.outside)] : []),
    ...(changesClock(timeline, zone) ? [shiftTimelineWords.clocks] : []),
  ];
}

/** `01:10–01:40, at most 18` */
function floodsOf({ raised, from, minutes }: Timeline, zone: string): readonly string[] {
  const at = (bucket: number): string =>
    localTime(new Date(Date.parse(from) + bucket * minutes * 60_000).toISOString(), zone);
  const found: { start: number; end: number; most: number }[] = [];
  raised.forEach((many, bucket) => {
    if (many <= FLOOD) return;
    const last = found.at(-1);
    if (last?.end !== bucket) found.push({ start: bucket, end: bucket + 1, most: many });
    else Object.assign(last, { end: bucket + 1, most: Math.max(last.most, many) });
  });
  return found.map(({ start, end, most }) => `${at(start)}–${at(end)} (${most})`);
}

/** The height of a row stands for so many. */
const scaleOf = (counts: readonly number[], mark: Mark): number =>
  counts.reduce((most, many) => Math.max(most, many), ROW[mark].least);

const r = (value: number): number => Math.round(value * 10) / 10;

/** All bars of a row in one path, so that the picture stays small however much happens. */
function barsOf(counts: readonly number[], mark: Mark, step: number, chosen: (count: number) => boolean): string {
  const { base, up } = ROW[mark];
  const scale = scaleOf(counts, mark);
  const wide = r(Math.max(0.6, step - Math.min(1, step / 4)));
  return counts
    .map((many, at) => {
      // What happened shows, however much more happened elsewhere.
      const high = Math.sign(up) * Math.max(1.5, (many / scale) * Math.abs(up));
      return chosen(many) ? `M${r(LEFT + at * step)} ${base}h${wide}v${r(-high)}h${-wide}z` : '';
    })
    .join('');
}

const topOf = (alarms: readonly number[], at: number): number =>
  ROW.raised.base - (alarms[at]! / scaleOf(alarms, 'raised')) * ROW.raised.up;

/** The three highest floods that stand apart from each other, for a number above each. */
function peaksOf(alarms: readonly number[]): readonly number[] {
  const apart = Math.max(1, Math.ceil(alarms.length / 12));
  const peaks: number[] = [];
  const floods = [...alarms.keys()]
    .filter((at) => alarms[at]! > FLOOD)
    .sort((a, b) => alarms[b]! - alarms[a]! || a - b);
  for (const at of floods) {
    if (peaks.length === 3) break;
    if (peaks.every((other) => Math.abs(other - at) >= apart)) peaks.push(at);
  }
  return peaks;
}

const isoOf = (time: number): string => new Date(time).toISOString();

/** Full hours as the wall clock says them, as many as there is room for; an hour that the night has twice stands twice. */
function hoursOf(
  { from, raised, minutes }: Timeline,
  zone: string,
  xAt: (time: number) => number,
  right: number,
): readonly (readonly [number, string])[] {
  const start = Date.parse(from);
  const end = start + raised.length * minutes * 60_000;
  const every =
    [1, 2, 3, 4, 6, 12, 24].find((hours) => (end - start) / 3_600_000 / hours <= (right - LEFT) / LABEL) ?? 24;
  const labels: (readonly [number, string])[] = [];
  for (let time = Math.ceil(start / QUARTER) * QUARTER; time <= end; time += QUARTER) {
    const text = localTime(isoOf(time), zone);
    if (!text.endsWith(':00') || Number(text.slice(0, 2)) % every) continue;
    const x = Math.min(Math.max(xAt(time), LEFT), right - 8);
    if (!labels.length || x - labels.at(-1)![0] >= LABEL - 4) labels.push([x, text]);
  }
  return labels;
}

/** Whether wall clock and world go apart between the beginning and the end. */
function changesClock({ from, raised, minutes }: Timeline, zone: string): boolean {
  const wall = (time: number): number => {
    const [hours, mins] = localTime(isoOf(time), zone).split(':').map(Number);
    return hours! * 60 + mins!;
  };
  const start = Date.parse(from);
  const length = raised.length * minutes;
  const day = 24 * 60;
  return (((wall(start + length * 60_000) - wall(start) - length) % day) + day) % day !== 0;
}
