/** The grammar that every feature is written in: the door's own promises, and the small tools that rules lean on. */
import * as z from 'zod';
import { describe, expect, test } from 'vitest';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { orgs } from '../../shared/features/orgs/index.ts';
import { commitBody } from '../../shared/kernel/commitments.ts';
import { derivedId, isUuid, uuidV7 } from '../../shared/kernel/ids.ts';
import { localDateTime, utcFromLocal } from '../../shared/kernel/local-time.ts';
import { passes } from '../../shared/kernel/read.ts';
import { isRefusal, refuse } from '../../shared/kernel/refusal.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import {
  areaPath,
  erasable,
  erasablePaths,
  line,
  replaceControls,
  slug,
  text,
  timestamp,
  uuid,
} from '../../shared/kernel/schema.ts';
import { commitment, discloseBody } from '../../shared/proof/leaf.ts';
import { asking, task } from '../kit/ask.ts';
import { anOrganisation, aTask, PACKAGING, pump } from '../kit/given.ts';
import { ana, ben, marek, ORG } from '../kit/people.ts';
import { createPlant, seededRandom } from '../kit/plant.ts';

describe('the door', () => {
  const id = derivedId('test', 'command');
  test('[L4] a command id is recorded once, and gets the same answer ever after', async () => {
    const plant = await createPlant().run(anOrganisation(), aTask('assigned'));
    const first = await plant.ask(pump.acknowledge().by(marek), { id });
    const head = await plant.head();
    plant.pass(600);
    await plant.must(pump.start().by(marek));
    expect(await plant.ask(pump.acknowledge().by(marek), { id })).toEqual({ ...first, outcome: 'duplicate' });
    expect(await plant.head()).toBe(head + 1);
  });
  test('[L4] the same id with another body is refused', async () => {
    const plant = await createPlant().run(anOrganisation());
    await plant.ask(pump.create({ title: 'One', area: PACKAGING }).by(ben), { id });
    const head = await plant.head();
    for (const other of [
      pump.create({ title: 'Two', area: PACKAGING }),
      task('x').create({ title: 'One', area: PACKAGING }),
    ])
      expect(await plant.ask(other.by(ben), { id })).toMatchObject({ refusal: { refused: 'command-id-reused' } });
    expect(await plant.head()).toBe(head);
  });
  test('[L4] twice in one batch is once', async () => {
    const plant = await createPlant().run(anOrganisation());
    const command = plant.command(pump.create({ title: 'One', area: PACKAGING }).by(ben), { id });
    expect((await plant.ledger.transact([command, command])).map(({ outcome }) => outcome)).toEqual([
      'accepted',
      'duplicate',
    ]);
  });
  test('[L4] a refused command may be sent again once what stood in its way is gone', async () => {
    const plant = await createPlant().run(anOrganisation(), aTask());
    expect(await plant.ask(pump.acknowledge().by(ana), { id })).toMatchObject({ outcome: 'rejected' });
    await plant.must(pump.assign({ assignee: { user: marek.id } }).by(ana));
    expect(await plant.ask(pump.acknowledge().by(ana), { id })).toMatchObject({ outcome: 'accepted' });
  });
  test('[L4] from a device the no is kept too', async () => {
    const plant = await createPlant().run(anOrganisation(), aTask());
    const no = await plant.ask(pump.acknowledge().by(ana), { id, keepRefusal: true });
    await plant.must(pump.assign({ assignee: { user: marek.id } }).by(ana));
    expect(await plant.ask(pump.acknowledge().by(ana), { id, keepRefusal: true })).toEqual(no);
  });
  for (const [what, ask, code] of [
    ['a command that is not there', asking('tasks.polish', pump), 'not-found'],
    ['an item that is not there', task('nowhere').acknowledge(), 'not-found'],
  ] as const)
    test(`[L7] ${what} is refused and leaves nothing`, async () => {
      const plant = await createPlant().run(anOrganisation());
      const head = await plant.head();
      expect(await plant.ask(ask.by(ana))).toMatchObject({ refusal: { refused: code } });
      expect(await plant.head()).toBe(head);
    });
  test('[L7] in a batch, one that is refused harms no other', async () => {
    const plant = await createPlant().run(anOrganisation(), aTask());
    const said = [pump.start().by(marek), pump.note({ text: 'Seen.' }).by(ben), pump.verify().by(ana)];
    const outcomes = await plant.ledger.transact(said.map((one) => plant.command(one)));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['rejected', 'accepted', 'rejected']);
    expect((await plant.state<TaskState>(pump)).actions.map(({ what }) => what)).toEqual(['created', 'noted']);
  });
});

describe('the register', () => {
  test('tracks no field whose words may be erased: they would stand in the leaf for ever', () =>
    expect(() => createRegister([{ ...orgs, tracked: ['name'] }])).toThrow(/erasable/));
  test('holds no name twice', () => expect(() => createRegister([orgs, orgs])).toThrow(/twice/));
  test('[L11] a policy hears only what some feature says', () => {
    const policy = { name: 'deaf', hears: ['nothing.happened'], reads: () => ({}), asks: () => [] };
    expect(() => createRegister([{ ...orgs, policies: [policy] }])).toThrow(/no feature says/);
  });
});

describe('words of the wire', () => {
  const takes = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;
  for (const [what, bad] of [
    ['nothing', ''],
    ['blanks', ' \n\t '],
    ['a lone surrogate', 'a\ud800'],
    ['a NUL', 'a\u0000b'],
    ['an escape', 'a\u001b[31m'],
    ['a carriage return', 'a\rb'],
    ['a C1 control', 'a\u0085b'],
    ['too much', 'x'.repeat(11)],
  ] as const)
    test(`text refuses ${what}`, () => expect(takes(text(10), bad)).toBe(false));
  test('text takes any script, emoji, tabs and lines', () =>
    expect(takes(text(40), 'Ölstand\tниже 平 😀\nok')).toBe(true));
  test('text takes all characters but surrogates and C0, DEL and C1 without tab and line feed; those are replaced', () => {
    const all = Array.from({ length: 0x10000 }, (_, code) => code);
    const controls = all.filter((code) => (code < 0x20 && code !== 9 && code !== 10) || (code >= 0x7f && code < 0xa0));
    const surrogates = all.filter((code) => code >= 0xd800 && code < 0xe000);
    const three = text(3);
    const refused = all.filter((code) => !takes(three, `a${String.fromCharCode(code)}b`));
    expect(refused).toEqual([...controls, ...surrogates]);
    expect(all.filter((code) => replaceControls(String.fromCharCode(code), '') === '')).toEqual(controls);
    expect(replaceControls('a\u0000\u0085b\tc\n', '?')).toBe('a??b\tc\n');
  });
  for (const separator of ['\n', '\t', '\u2028', '\u2029'])
    test(`a line holds no ${JSON.stringify(separator)}`, () => expect(takes(line(10), `a${separator}b`)).toBe(false));
  test('areas are paths of slugs', () => {
    for (const good of ['leeds', 'leeds/packaging/line-3']) expect(takes(areaPath, good), good).toBe(true);
    for (const bad of ['', '/', 'Leeds', 'a//b', 'a/', '/a', 'a/../b', '-a', 'a'.repeat(201), 'a/'.repeat(8) + 'a'])
      expect(takes(areaPath, bad), bad).toBe(false);
  });
  test('slugs neither begin nor end with a hyphen', () =>
    expect(['a', 'a-b', '-a', 'a-', 'A'].filter((one) => takes(slug, one))).toEqual(['a', 'a-b']));
  test('ids are spelled in lower case', () =>
    expect([ORG, ORG.toUpperCase(), 'x'].filter((one) => takes(uuid, one))).toEqual([ORG]));
  test('times have a zone and exist, and are recorded in UTC with milliseconds', () => {
    expect(timestamp.parse('2026-11-21T07:00:00+01:00')).toBe('2026-11-21T06:00:00.000Z');
    for (const bad of ['2026-11-21', '2026-11-21T07:00:00', '2026-02-30T07:00:00Z', '2026-11-21T25:00:00Z', 'now'])
      expect(takes(timestamp, bad), bad).toBe(false);
  });
  for (const edge of ['0000-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00'])
    test(`[L9] a time that four digits of a year cannot write in UTC is refused, for no stranger could read its leaf: ${edge}`, () =>
      expect(takes(timestamp, edge)).toBe(false));
});

describe('what may be erased', () => {
  const schema = z.object({
    name: erasable(z.string()).nullable(),
    list: z.array(z.object({ note: erasable(z.string()).optional(), n: z.int() })),
    either: z.union([z.object({ a: erasable(z.string()) }), z.object({ b: z.string() })]).optional(),
    byKey: z.record(z.string(), erasable(z.string())),
    plain: z.string(),
  });
  test('the paths of all marked fields are found, however deep', () =>
    expect(erasablePaths(schema)).toEqual([['name'], ['list', '*', 'note'], ['either', 'a'], ['byKey', '*']]));
  test('in the committed body stands a digest, beside it salt and value, and together they give the body back', () => {
    const body = {
      name: 'Ana',
      list: [{ note: 'one', n: 1 }, { n: 2 }, { note: 'three', n: 3 }],
      either: { b: 'kept' },
      byKey: { 'a/b': 'slash', 'c~d': 'tilde' },
      plain: 'kept',
    };
    const before = structuredClone(body);
    const { committed, disclosures } = commitBody(7, body, erasablePaths(schema), seededRandom(1));
    expect(body).toEqual(before);
    expect(disclosures.map(({ path }) => path)).toEqual([
      '/name',
      '/list/0/note',
      '/list/2/note',
      '/byKey/a~1b',
      '/byKey/c~0d',
    ]);
    const stored = JSON.stringify(committed);
    for (const word of ['Ana', 'one', 'three', 'slash', 'tilde']) expect(stored).not.toContain(word);
    expect(discloseBody(committed, disclosures)).toEqual(body);
    expect(new Set(disclosures.map(({ salt }) => salt)).size).toBe(disclosures.length);
  });
  test('[L9] a commitment depends on its salt, so that a name cannot be guessed from it', () =>
    expect(commitment(new Uint8Array(32), 'Ana')).not.toBe(commitment(new Uint8Array(32).fill(1), 'Ana')));
});

describe('small tools', () => {
  test('ids of one millisecond are distinct, and sort by time', () => {
    const random = seededRandom(3);
    const ids = [5, 4, 3].map((at) => uuidV7(Date.UTC(2026, 10, at), random(10)));
    expect([...ids].sort()).toEqual([...ids].reverse());
    expect(ids.every(isUuid)).toBe(true);
  });
  test('a derived id is the same everywhere, and no two ways of cutting its parts collide', () => {
    expect(derivedId('a', 'bc')).toBe(derivedId('a', 'bc'));
    expect(derivedId('a', 'bc')).not.toBe(derivedId('ab', 'c'));
  });
  test('local time follows the zone over its clock changes, there and back', () => {
    for (const [utc, local] of [
      ['2026-03-29T00:59:00.000Z', '2026-03-29T00:59'],
      ['2026-03-29T01:00:00.000Z', '2026-03-29T02:00'],
      ['2026-10-25T01:30:00.000Z', '2026-10-25T01:30'],
    ] as const) {
      expect(localDateTime(utc, 'Europe/London')).toBe(local);
      expect(localDateTime(utcFromLocal(local, 'Europe/London')!, 'Europe/London')).toBe(local);
    }
    expect(utcFromLocal('tomorrow', 'Europe/London')).toBeUndefined();
  });
  test('a row passes when every test of its columns does', () => {
    const row = { area: 'leeds/packaging', n: 5, text: 'Pump LEAKS', none: null };
    for (const [where, verdict] of [
      [{ area: { within: ['leeds'] } }, true],
      [{ area: { within: ['leeds/pack'] } }, false],
      [{ n: { above: 4 }, text: { contains: 'leaks' } }, true],
      [{ n: { below: 5 } }, false],
      [{ none: null, n: { in: [4, 5] } }, true],
      [{ none: { not: null } }, false],
      [{ missing: null }, true],
      [{ area: { in: [] } }, false],
    ] as const)
      expect(passes(row, where), JSON.stringify(where)).toBe(verdict);
  });
  test('a refusal is told from data that only looks like one', () => {
    expect(isRefusal(refuse('not-found', 'x'))).toBe(true);
    for (const other of [null, 'refused', { refused: 1 }, []]) expect(isRefusal(other)).toBe(false);
  });
});
