/** From any item up to its root, and down to all that followed (domain model 2.9; issue point 4). */
import { describe, expect, test } from 'vitest';
import { causesIn } from '../../server/http/causes.ts';
import type { Link, Subject } from '../../shared/kernel/event.ts';
import { rootsOf, walkTrail, type Ties } from '../../shared/kernel/trail.ts';
import { task } from '../kit/ask.ts';
import { recording } from '../kit/fixtures.ts';
import { aNightShift, anOrganisation, PACKAGING } from '../kit/given.ts';
import { ana, dana, marek, monitoring, ORG } from '../kit/people.ts';
import { createPlant, type Plant } from '../kit/plant.ts';

const nothing = async () => ({});
const keyOf = ({ kind, id }: Subject) => `${kind}/${id}`;
const ties = (plant: Plant): Ties => causesIn(plant.ledger, plant.register, ORG);

describe('an alarm, its task, and what followed', () => {
  const again = task('again');
  const story = async () => {
    const { body, headers } = recording('alertmanager-01-firing');
    const plant = await createPlant().run(anOrganisation(), aNightShift(), (it) =>
      it.deliver(monitoring, body, headers),
    );
    const made = (await plant.events()).find(({ type }) => type === 'task.created')!;
    const first = task(made.subject.id);
    await plant.run(
      first.acknowledge().by(marek),
      first.start().by(marek),
      first.complete({ note: 'Greased.', overrideReason: 'Falling.' }).by(marek),
      first.verify().by(dana),
      again
        .create({
          title: 'Change it',
          area: PACKAGING,
          upstream: [{ kind: 'task', id: first.id, rel: 'follow_up_of' }],
        })
        .by(ana),
    );
    const occurrence = (made.body as unknown as { occurrence: string }).occurrence;
    return { plant, first, occurrence: { kind: 'occurrence', id: occurrence } };
  };

  test('the chain leads from the incident of the P1 over its alarm to the last task', async () => {
    const { plant, first, occurrence } = await story();
    const trail = await walkTrail({ kind: 'task', id: again.id }, ties(plant), nothing);
    expect(trail.root).toMatchObject({ kind: 'incident' });
    expect(trail.chain.slice(1).map(keyOf)).toEqual([keyOf(occurrence), keyOf(first), keyOf(again)]);
    expect(trail.complete).toBe(true);
  });
  test('and from the alarm down to all that came of it', async () => {
    const { plant, first, occurrence } = await story();
    const trail = await walkTrail(occurrence, ties(plant), nothing);
    const items = [keyOf(trail.root!), keyOf(occurrence), keyOf(first), keyOf(again)];
    expect(trail.items.map(keyOf).sort()).toEqual(items.sort());
    expect(trail.root).toMatchObject({ kind: 'incident' });
  });
  test('each parent and each child is named once, however many events repeat the link', async () => {
    const { plant, first } = await story();
    const trail = await walkTrail({ kind: 'task', id: first.id }, ties(plant), nothing);
    for (const item of trail.items)
      for (const links of [item.parents, item.children])
        expect(links.map(keyOf)).toEqual([...new Set(links.map(keyOf))]);
  });
});

describe('the walk itself', () => {
  const graph = (edges: Readonly<Record<string, readonly string[]>>): Ties => {
    const link = (id: string, rel: Link['rel'] = 'caused_by'): Link => ({ kind: 'item', id, rel });
    return {
      up: async ({ id }) =>
        (edges[id] ?? []).map((to) => link(to.replace('~', ''), to.startsWith('~') ? 'blocks' : 'caused_by')),
      down: async ({ id }) =>
        Object.keys(edges)
          .filter((from) => edges[from]!.includes(id))
          .map((from) => link(from)),
    };
  };
  const at = (id: string) => ({ kind: 'item', id });
  const rootIds = async (id: string, edges: Readonly<Record<string, readonly string[]>>) =>
    (await rootsOf(at(id), graph(edges).up)).map((root) => root.id);

  test('an item without a cause is its own root', async () => expect(await rootIds('a', {})).toEqual(['a']));
  test('two ways to the same root are one root', async () =>
    expect(await rootIds('d', { d: ['b', 'c'], b: ['a'], c: ['a'] })).toEqual(['a']));
  test('two causes without a common one are two roots', async () =>
    expect(await rootIds('d', { d: ['b', 'c'] })).toEqual(['b', 'c']));
  test('only causal links are walked', async () => expect(await rootIds('d', { d: ['~b'] })).toEqual(['d']));
  test('a link that was taken back is walked neither up nor down, until it is made anew', async () => {
    const to = (rel: Link['rel']): Link => ({ kind: 'item', id: 'b', rel });
    const ties = (...rels: readonly Link['rel'][]): Ties => ({
      up: async ({ id }) => (id === 'a' ? rels.map(to) : []),
      down: async ({ id }) => (id === 'b' ? rels.map((rel) => ({ kind: 'item', id: 'a', rel })) : []),
    });
    const wrong = ties('part_of', 'retracted_from');
    expect(await rootsOf(at('a'), wrong.up)).toEqual([at('a')]);
    expect((await walkTrail(at('b'), wrong, nothing)).items.map(({ id }) => id)).toEqual(['b']);
    expect(await rootsOf(at('a'), ties('part_of', 'retracted_from', 'part_of').up)).toEqual([at('b')]);
  });
  test('a cycle ends, and has no root', async () => {
    const cycle = { a: ['b'], b: ['c'], c: ['a'] };
    expect(await rootIds('a', cycle)).toEqual([]);
    expect(await walkTrail(at('a'), graph(cycle), nothing)).toMatchObject({ root: null, chain: [], complete: true });
  });
  test('what is too long is cut, and says so', async () => {
    const long = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`n${n}`, [`n${n + 1}`]]));
    expect(await walkTrail(at('n0'), graph(long), nothing, 10)).toMatchObject({ complete: false });
  });
});
