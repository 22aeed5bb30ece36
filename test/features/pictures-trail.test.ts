/** A trail as a picture, as a diagram and as a note: the same story each time, whatever people wrote in it. */
import * as fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { label, mermaidOf } from '../../plugin/pictures/mermaid.ts';
import { layersOf } from '../../plugin/pictures/layers.ts';
import { wrapped } from '../../plugin/pictures/shape.ts';
import { isUntouched, momentIn, trailNote, trailNoteName } from '../../plugin/pictures/trail-note.ts';
import { trailPicture } from '../../plugin/pictures/trail-picture.ts';
import { saveTrail } from '../../plugin/pictures/trails.ts';
import { task } from '../kit/ask.ts';
import { aNightShift, anOrganisation, PACKAGING } from '../kit/given.ts';
import { memoryVault } from '../kit/memory-vault.ts';
import { ana, dana, marek, scada } from '../kit/people.ts';
import { answerOf, madeUp, nodesIn, svgOf, told, toldHere } from '../kit/pictures.ts';
import { createPlant } from '../kit/plant.ts';
import { replicaOf } from '../kit/vault-of.ts';

const ZONE = 'Europe/London';
const NOW = '2026-11-21T06:10:00.000Z';
const golden = (name: string): string => `../golden/pictures/${name}`;
const again = task('again');

async function theNight() {
  const plant = await createPlant().run(anOrganisation(), aNightShift());
  plant.waitUntil('2026-11-21T01:12:08.000Z');
  await plant.deliver(scada, {
    ...{ condition: 'filler-2/A-1042', title: 'Filler 2 bearing too hot', state: 'active', severity: 'critical' },
    area: PACKAGING,
  });
  const made = (await plant.events()).find(({ type }) => type === 'task.created')!;
  const first = task(made.subject.id);
  plant.waitUntil('2026-11-21T01:13:40.000Z');
  await plant.run(first.assign({ assignee: { user: marek.id } }).by(dana), first.acknowledge().by(marek));
  plant.pass(5);
  await plant.run(first.start().by(marek), first.escalate({ reason: 'Needs a vibration check | [[now]]' }).by(marek));
  plant.waitUntil('2026-11-21T02:56:00.000Z');
  await plant.run(
    first.complete({ note: 'Relubricated; worn.', resolutionCode: 'made_safe', overrideReason: 'Falling.' }).by(marek),
    first.verify().by(dana),
    again
      .create({
        ...{ title: 'Replace bearing of filler 2', area: PACKAGING },
        upstream: [{ kind: 'task', id: first.id, rel: 'follow_up_of' }],
      })
      .by(ana),
  );
  return { plant, first, replica: await replicaOf(plant) };
}

describe('the trail of a night', () => {
  test('as a picture: causes above, what followed below, with times and people', async () => {
    const { plant, first, replica } = await theNight();
    const story = told(await answerOf(plant, first), replica);
    const svg = svgOf(trailPicture(story, momentIn(story, ZONE)));
    await expect(svg).toMatchFileSnapshot(golden('trail.svg'));
  });
  test('as a note: the diagram, every step in a table, the times, and what was checked', async () => {
    const { plant, first, replica } = await theNight();
    const story = told(await answerOf(plant, first), replica);
    expect(trailNoteName(story)).toBe('T-1 Filler 2 bearing too hot (trail)');
    await expect(trailNote(story, ZONE, NOW)).toMatchFileSnapshot(golden('trail.md'));
  });
  test('from what the device holds: the same chain, and in words where it ends', async () => {
    const { first, replica } = await theNight();
    const story = await toldHere(replica, again);
    expect(story.root?.name).toBe('Filler 2 bearing too hot');
    expect(story.items.map(({ name }) => name)).toContain('T-1 Filler 2 bearing too hot');
    expect(story.ends[0]).toContain('what this device holds');
    await expect(trailNote(story, ZONE, NOW)).toMatchFileSnapshot(golden('trail-here.md'));
    const below = await toldHere(replica, first);
    expect(below.items.map(({ name }) => name)).toContain('T-2 Replace bearing of filler 2');
  });
  test('an alarm that is over is not on the device: the trail ends there and says so', async () => {
    const { plant } = await theNight();
    const over = { condition: 'filler-2/A-1042', title: 'x', state: 'resolved', severity: 'critical', area: PACKAGING };
    await plant.deliver(scada, over);
    const story = await toldHere(await replicaOf(plant), again);
    expect(story.items.filter(({ isHidden }) => isHidden).map(({ name }) => name)).toEqual(['Not on this device']);
    expect(story.ends.join(' ')).toContain('One item of it is not on this device.');
  });
  test('who may not see an item sees that there is more, and not what', async () => {
    const { plant, first, replica } = await theNight();
    const answer = await answerOf(plant, again);
    const hidden = { ref: null, title: null, visible: false, more: true };
    const items = answer.items.map((item) => (item.id === first.id ? { ...item, ...hidden } : item));
    const story = told(
      { ...answer, items, events: answer.events.filter(({ subject }) => subject.id !== first.id) },
      replica,
    );
    const note = trailNote(story, ZONE, NOW);
    expect(note).toContain('It goes on where you may not look: one item.');
    expect(note).toContain('Not shown to you');
    expect(note).not.toContain('T-1');
  });
});

describe('saved as a note', () => {
  const story = madeUp({ a: [] });
  const path = 'Operary/Trails/a (trail).md';
  test('it is written anew while nobody has changed it, also by another device', async () => {
    const files = memoryVault();
    expect(await saveTrail(files, story, ZONE, NOW)).toBe(path);
    expect(isUntouched(files.texts.get(path)!)).toBe(true);
    expect(await saveTrail(files, story, ZONE, '2026-11-22T06:10:00.000Z')).toBe(path);
    expect(files.texts.get(path)).toContain('saved: 2026-11-22T06:10');
  });
  test('[L12] what people changed in it stays, and the trail is written beside it', async () => {
    const files = memoryVault();
    await saveTrail(files, story, ZONE, NOW);
    const mine = `${files.texts.get(path)!}\nWhy did nobody look?\n`;
    files.texts.set(path, mine);
    expect(await saveTrail(files, story, ZONE, NOW)).toBe('Operary/Trails/a (trail) 2.md');
    expect(files.texts.get(path)).toBe(mine);
  });
});

const PIECES = [
  ...['"', '`', '```', '```\n', '%%', '%%{init: {}}%%', '\n', '\r\n', ']', '[', '"]', '[[x]]', '(', ')', '{', '}', '|'],
  ...['end', 'direction TB', 'style n1 fill:#f00;', 'classDef x fill:#f00;', 'click n1 call x()', 'subgraph', '-->'],
  ...['<b>', '<br/>', '&amp;', '#35;', ';', '$$x$$', '**b**', '_i_', '1. ', '- ', 'www.x.org', 'http://x.org', ':::'],
  ...[
    'a@{shape: x}',
    '~~~',
    '---',
    '| x | y |',
    '\u2028',
    '\u202e',
    'شركة',
    '漢字',
    '😀',
    '\ud800',
    '%% /operary:log %%',
  ],
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''));

/** The part of Mermaid's grammar that a flowchart of ours uses, line by line. */
const LINES = [
  /^flowchart TD$/,
  /^ {2}n\d+\["[^"`%[\]{}|<>()]*(?:<br\/>[^"`%[\]{}|<>()]*)?"\]$/,
  /^ {2}n\d+ -->\|"[a-z ]+"\| n\d+$/,
  /^ {2}style n\d+ stroke-width:3px$/,
];

describe('whatever people wrote', () => {
  test('[L12] it forges nothing in the diagram', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const story = madeUp({ a: [], b: ['a'] }, (id) => `${id}${text}`);
        const lines = mermaidOf(story, momentIn(story, ZONE)).split('\n');
        for (const line of lines)
          expect(
            LINES.some((form) => form.test(line)),
            line,
          ).toBe(true);
        expect(lines).toHaveLength(5);
        // Words that Mermaid looks for before it parses, and in its text of any line.
        for (const line of lines.slice(1, -1)) expect(line).not.toMatch(/style|classDef|direction\s|%%|\$\$|www\./i);
      }),
      { numRuns: 500, seed: 4711 },
    );
  });
  test('letters of every script and the signs inside of words stay readable in it', () => {
    expect(label('T-192 Füllmaschine 2: 94.2 °C um 01:12 شركة')).toBe(
      'T-192 Füllmaschine 2#58; 94.2 #176;C um 01:12 شركة',
    );
    expect(label('1. x "y" www.z.org')).toBe('1#46; x #34;y#34; www#46;z#46;org');
  });
  test('[L12] it forges nothing in the note: same properties, same table, same links', () => {
    const markdown = new MarkdownIt({ html: true });
    const shapeOf = (note: string) => {
      const [, front = '', body = ''] = /^---\n([^]*?)\n---\n([^]*)$/.exec(note) ?? [];
      const tokens = markdown.parse(body, {});
      return {
        properties: Object.keys(parse(front) as object),
        blocks: tokens.map(({ type, info }) => `${type} ${info}`),
        links: [...note.matchAll(/\[\[/g)].length,
      };
    };
    const noteWith = (text: string) =>
      trailNote(
        madeUp({ a: [], b: ['a'] }, (id) => `${id}${text}`),
        ZONE,
        NOW,
      );
    const plain = shapeOf(noteWith('plain'));
    fc.assert(
      fc.property(hostile, (text) => {
        expect(shapeOf(noteWith(`x${text.toWellFormed()}`))).toEqual(plain);
      }),
      { numRuns: 500, seed: 4711 },
    );
  });
  test('names stand in lines that fit, whatever their script; no letter is cut in two', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'grapheme', maxLength: 200 })), (text) => {
        const lines = wrapped(text, 30, 3);
        expect(lines.length).toBeLessThanOrEqual(3);
        for (const line of lines) expect([...line].length).toBeLessThanOrEqual(400);
        if (lines.join('').endsWith('…')) return;
        expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      }),
      { numRuns: 300, seed: 4711 },
    );
    expect(wrapped('Donaudampfschifffahrtsgesellschaftskapitänsmütze', 30, 3)).toEqual([
      'Donaudampfschifffahrtsgesellsc',
      'haftskapitänsmütze',
    ]);
    expect(wrapped('T-1 Donaudampfschifffahrtsgesellschaft', 30, 3)).toEqual([
      'T-1 Donaudampfschifffahrtsgese',
      'llschaft',
    ]);
    expect(wrapped('aa bb cc dd', 2, 2)).toEqual(['aa', 'b…']);
    expect(wrapped('👩‍🔧'.repeat(20), 30, 3)[0]).toBe('👩‍🔧'.repeat(15));
  });
});

describe('the picture of any graph', () => {
  test('what follows stands below what led to it; a circle ends', () => {
    const tie = (from: string, to: string) => ({ from, to, how: 'caused by' });
    expect(layersOf(['c', 'b', 'a'], [tie('a', 'b'), tie('b', 'c'), tie('a', 'c')])).toEqual([['a'], ['b'], ['c']]);
    expect(
      layersOf(['a', 'b', 'c'], [tie('a', 'b'), tie('b', 'c'), tie('c', 'a')])
        .flat()
        .sort(),
    ).toEqual(['a', 'b', 'c']);
  });
  test('a trail of five hundred items is drawn as far as anybody can read it, and says so', () => {
    const ids = Array.from({ length: 500 }, (_, n) => `i${n}`);
    const story = madeUp(Object.fromEntries(ids.map((id, n) => [id, n ? [ids[n - 1]!] : []])));
    const picture = trailPicture(story, momentIn(story, ZONE));
    expect(nodesIn(picture)).toBeLessThan(700);
    expect(svgOf(picture)).toContain('The picture shows the nearest 60 of them.');
  });
});
