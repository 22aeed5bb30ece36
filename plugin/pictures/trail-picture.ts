/** A trail as a picture: causes above, what followed below, each item with its name, when it began and how it stands. */
import { layersOf, type Tie } from './layers.ts';
import { shape, words, wrapped, type Shape } from './shape.ts';
import type { Item, Step, Story } from './story.ts';
import { trailWords } from '../words/index.ts';

/** How a time is written. */
export type Moment = (at: string) => string;

/** More than anybody reads in a picture; the list below it has them all. */
const MOST = 60;
const BOX = { width: 232, letters: 30, small: 36, line: 17, padding: 10 };
const GAP = { across: 20, down: 46 };

interface Placed {
  readonly item: Item;
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly lines: readonly (readonly [kind: string, text: string])[];
}

export function trailPicture(story: Story, moment: Moment): Shape {
  const items = story.items.slice(0, MOST);
  const byKey = new Map(items.map((item) => [item.key, item]));
  const ties = story.ties.filter(({ from, to }) => byKey.has(from) && byKey.has(to));
  const layers = layersOf([...byKey.keys()], ties);
  const widest = Math.max(...layers.map(({ length }) => length));
  const width = widest * (BOX.width + GAP.across) - GAP.across + 2;
  const placed = new Map<string, Placed>();
  let y = 1;
  for (const layer of layers) {
    const row = layer.map((key) => ({ item: byKey.get(key)!, lines: linesOf(byKey.get(key)!, moment) }));
    const rowWidth = row.length * (BOX.width + GAP.across) - GAP.across;
    row.forEach(({ item, lines }, at) => {
      const x = (width - rowWidth) / 2 + at * (BOX.width + GAP.across);
      placed.set(item.key, { item, x, y, height: lines.length * BOX.line + 2 * BOX.padding, lines });
    });
    y += Math.max(...row.map(({ lines }) => lines.length)) * BOX.line + 2 * BOX.padding + GAP.down;
  }
  const height = y - GAP.down + 1;
  const boxes = [...placed.values()].map(boxOf);
  // What can be pressed must be reachable for a screen reader, which looks into no image.
  const isPressable = boxes.some(({ opens }) => opens !== undefined);
  return shape(
    'svg',
    {
      class: 'operary-picture',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: isPressable ? 'group' : 'img',
      'aria-label': trailWords.picture(summaryOf(story)),
    },
    shape('title', {}, trailWords.of(story.focus.name)),
    shape('desc', {}, summaryOf(story)),
    ...ties.map((tie) => lineOf(tie, placed)),
    ...boxes,
  );
}

/** In words, for whoever does not see it. */
export function summaryOf({ items, root, roots, focus, ties, steps }: Story): string {
  const led = ties.filter(({ to }) => to === focus.key).length;
  const followed = ties.filter(({ from }) => from === focus.key).length;
  const from = root
    ? root === focus
      ? trailWords.beginsHere
      : trailWords.beginsWith(root.name)
    : roots
      ? trailWords.beginnings(roots)
      : trailWords.goesInCircle;
  const more = items.length > MOST ? trailWords.nearest(MOST) : '';
  return trailWords.summary(items.length, steps.length, from, led, focus.name, followed, more);
}

const linesOf = (item: Item, moment: Moment): Placed['lines'] => [
  ...wrapped(item.name, BOX.letters, 3).map((line) => ['operary-node-name', line] as const),
  ...[item.first, item.last].flatMap((step) =>
    step ? [['operary-node-detail', wrapped(tellsOf(step, moment), BOX.small, 1)[0] ?? ''] as const] : [],
  ),
];

/** `01:12 created · Ana Byrne` */
export const tellsOf = ({ event, what, who }: Step, moment: Moment): string =>
  `${moment(event.occurredAt)} ${what} · ${who}`;

function boxOf({ item, x, y, height, lines }: Placed): Shape {
  const kinds = ['operary-node', ...(item.isFocus ? ['is-focus'] : []), ...(item.isHidden ? ['is-hidden'] : [])];
  const parts = [
    // Its name for a screen reader too.
    shape('title', {}, item.note === undefined ? item.name : trailWords.open(item.name)),
    shape('rect', { x, y, width: BOX.width, height, rx: 6 }),
    ...lines.map(([kind, text], at) => words(x + BOX.width / 2, y + BOX.padding + at * BOX.line + 12, kind, text)),
  ];
  if (item.note === undefined) return shape('g', { class: kinds.join(' ') }, ...parts);
  const attrs = {
    class: [...kinds, 'is-link'].join(' '),
    role: 'link',
    tabindex: 0,
  };
  return { ...shape('g', attrs, ...parts), opens: item.key };
}

function lineOf({ from, to, how }: Tie, placed: ReadonlyMap<string, Placed>): Shape {
  const [above, below] = [placed.get(from)!, placed.get(to)!];
  const [x1, y1] = [above.x + BOX.width / 2, above.y + above.height];
  const [x2, y2] = [below.x + BOX.width / 2, below.y];
  const bend = Math.max(GAP.down / 2, Math.min(y2 - y1, GAP.down) / 2);
  return shape(
    'g',
    { class: 'operary-tie' },
    shape('path', {
      class: 'operary-tie-line',
      d: `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2 - 6}`,
    }),
    shape('path', { class: 'operary-tie-head', d: `M${x2 - 4} ${y2 - 8}L${x2 + 4} ${y2 - 8}L${x2} ${y2 - 1}Z` }),
    // On the side from which no line comes.
    shape(
      'text',
      { x: x2 + (x2 < x1 ? -10 : 10), y: y2 - 12, class: 'operary-tie-how', 'text-anchor': x2 < x1 ? 'end' : 'start' },
      how,
    ),
  );
}
