/** Devices: paired with a key of their own, taken over by people, written off when lost, noticed when copied. */
import { describe, expect, test } from 'vitest';
import type { DeviceState } from '../../shared/features/devices/contract.ts';
import { note } from '../../shared/features/devices/note.ts';
import { base64, sha256, textOf, utf8 } from '../../shared/kernel/bytes.ts';
import type { SignOfLife } from '../../shared/kernel/device.ts';
import type { Read } from '../../shared/kernel/read.ts';
import { signerFromSeed } from '../../shared/proof/ed25519.ts';
import { device, type Asked } from '../kit/ask.ts';
import { anOrganisation, by, given, LINE_3 } from '../kit/given.ts';
import { ana, aude, ben, dana, engine, EVERYBODY, marek, ORG, root, tom, within } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';
import { around, replicaOf } from '../kit/vault-of.ts';

const keyNamed = (name: string): string => base64(signerFromSeed(sha256(utf8(name))).publicKey);
const tablet = device('tablet');
const pairing = { name: 'Tablet at line 3', publicKey: keyNamed('tablet'), platform: 'Android' };
const paired = tablet.pair(pairing).by(marek);
const lost = tablet.writeOff({ reason: 'Fell into the tank' }).by(ana);

const spoke =
  (said: Partial<SignOfLife> & { readonly lastDeviceSeq: number }): Step =>
  (plant) =>
    plant.ledger.contact(ORG, { device: tablet.id, user: marek.id, at: plant.now(), outboxDepth: 0, ...said });
/** Something that the device sent under this number; what, does not matter here. */
const sent =
  (deviceSeq: number): Step =>
  (plant) =>
    plant.ask(device('nowhere').enrol().by(marek), {
      device: tablet.id,
      recordedAt: plant.now(),
      made: { deviceSeq, observedSeq: 0, tz: 'UTC', clockOffsetMs: 0 },
    });
const state = (plant: Plant): Promise<DeviceState> => plant.state(tablet);
const cardOf = async (plant: Plant) => {
  const replica = await replicaOf(plant);
  const held = replica.all('device')[0]!;
  return note.card!(held.state as DeviceState, held, around(replica));
};

describe('who may', () => {
  const all = 'operator line_lead supervisor maintenance_engineer auditor admin';
  const table: readonly (readonly [Asked, string])[] = [
    [device('new').pair({ name: 'Phone', publicKey: keyNamed('phone') }), all],
    [tablet.enrol(), all],
    [tablet.writeOff({ reason: 'Lost' }), 'supervisor admin'],
    [tablet.reinstate({ reason: 'Found' }), 'supervisor admin'],
    [tablet.noteFork({ deviceSeq: 3 }), 'engine'],
  ];
  for (const [asked, allowed] of table)
    for (const [role, whom] of Object.entries(EVERYBODY)) {
      const may = allowed.split(' ').includes(role);
      test(`[L14] ${asked.type} is ${may ? '' : 'not '}for ${role}`, async () => {
        const plant = await createPlant().run(anOrganisation(), paired);
        const outcome = await plant.ask(asked.by(whom));
        const refused = outcome.outcome === 'rejected' ? outcome.refusal.refused : 'nothing';
        expect(refused === 'role-not-allowed').toBe(!may);
      });
    }
  test('[L14] whoever leaves a device does so alone, or a supervisor or an admin does it', async () => {
    const plant = await createPlant().run(anOrganisation(), paired, tablet.enrol().by(ben), tablet.enrol().by(dana));
    for (const other of [dana, aude])
      expect(await plant.ask(tablet.release({ user: ben.id }).by(other))).toMatchObject({
        refusal: { refused: 'role-not-allowed' },
      });
    for (const [gone, person] of [
      [ben, ben],
      [dana, ana],
      [marek, root],
    ] as const)
      await plant.must(tablet.release({ user: gone.id }).by(person));
    expect((await state(plant)).people).toEqual([]);
    expect(await plant.ask(tablet.release({ user: ben.id }).by(ben))).toMatchObject({
      refusal: { refused: 'transition-not-allowed' },
    });
  });
});

describe('pairing', () => {
  test('records the key and who paired it, with role and areas', () =>
    given(anOrganisation())
      .when(tablet.pair(pairing), by(within(marek, LINE_3)))
      .then({ type: 'device.paired', actor: { id: marek.id } }, async (plant) => {
        expect(await state(plant)).toMatchObject({
          ...pairing,
          pairedBy: marek.id,
          people: [{ user: marek.id, role: 'maintenance_engineer', areas: [LINE_3] }],
          writtenOff: null,
          forked: false,
        });
        const { register } = plant;
        expect(register.devices!.devices!(await state(plant))).toMatchObject({
          publicKey: pairing.publicKey,
          isWrittenOff: false,
          isForked: false,
        });
      }));
  test('[L9] the key stands in the leaf for everybody to check; the name of the device does not', async () => {
    const plant = await createPlant().run(anOrganisation(), paired);
    const { first } = await plant.stream(tablet);
    const [entry] = await plant.ledger.leaves(ORG, first, first);
    const leaf = textOf(entry!.leaf);
    expect(leaf).toContain(pairing.publicKey);
    expect(leaf).not.toContain('line 3');
  });
  test('[L10] a second device with the same key is a copy', () =>
    given(anOrganisation(), paired).when(device('twin').pair(pairing), by(ben)).refused('already-exists'));
  test('[L10] from a device that has seen nothing yet too: a new key pairs, a key that is taken does not', async () => {
    const plant = await createPlant().run(anOrganisation(), paired);
    const firstOf = (name: string, publicKey: string) =>
      plant.ask(device(name).pair({ name, publicKey }).by(ben), {
        device: device(name).id,
        recordedAt: plant.now(),
        made: { deviceSeq: 1, observedSeq: 0, tz: 'UTC', clockOffsetMs: null },
      });
    expect(await firstOf('fresh', keyNamed('fresh'))).toMatchObject({ outcome: 'accepted' });
    expect(await firstOf('twin', pairing.publicKey)).toMatchObject({ refusal: { refused: 'already-exists' } });
  });
  test('[L2] a key that was paired never changes', () =>
    given(anOrganisation(), paired)
      .when(tablet.pair({ ...pairing, publicKey: keyNamed('another') }), by(marek))
      .refused('already-exists'));
  for (const [what, publicKey] of [
    ['no key', ''],
    ['a short one', 'AAAA'],
    ['another spelling of the same bytes', `${'A'.repeat(42)}B=`],
    ['hex', 'ab'.repeat(32)],
  ] as const)
    test(`[L10] ${what} is refused`, () =>
      given(anOrganisation())
        .when(tablet.pair({ name: 'Tablet', publicKey }), by(marek))
        .refused('invalid-input', ({ fields }) => expect(fields).toMatchObject([{ field: '/publicKey' }])));
});

describe('people of a shared device', () => {
  test('are added by their own credential, with how far it reaches', () =>
    given(anOrganisation(), paired)
      .when(tablet.enrol(), by(within(ben, LINE_3)))
      .then('device.enrolled', async (plant) => {
        const { people } = await state(plant);
        expect(people.map(({ user }) => user)).toEqual([marek.id, ben.id]);
        expect(people[1]).toEqual({ user: ben.id, role: 'operator', areas: [LINE_3] });
      }));
  test('[L4] once: saying it again changes nothing', () =>
    given(anOrganisation(), paired, tablet.enrol().by(ben)).when(tablet.enrol(), by(ben)).then());
  test('with another reach it replaces the earlier one', async () => {
    const plant = await createPlant().run(anOrganisation(), paired, tablet.enrol().by(ben));
    await plant.must(tablet.enrol().by(within(ben, LINE_3)));
    expect((await state(plant)).people.map(({ user, areas }) => [user, areas])).toEqual([
      [marek.id, []],
      [ben.id, [LINE_3]],
    ]);
  });
  for (const [what, step] of [
    ['written off', lost],
    ['one of two copies', tablet.noteFork({ deviceSeq: 2 }).by(engine)],
  ] as const)
    test(`[L7] nobody takes over a device that is ${what}`, () =>
      given(anOrganisation(), paired, step).when(tablet.enrol(), by(ben)).refused('transition-not-allowed'));
});

describe('a lost device', () => {
  test('[L2] is written off with its gap on record: what is missing between, and what it said it still had', () =>
    given(anOrganisation(), paired, sent(1), sent(2), sent(5), spoke({ lastDeviceSeq: 9, outboxDepth: 4 }))
      .when(tablet.writeOff({ reason: 'Fell into the tank' }), by(ana))
      .then(
        {
          type: 'device.written_off',
          body: {
            received: 5,
            lastDeviceSeqSeen: 9,
            outboxDepth: 4,
            lastContactAt: '2026-11-20T22:00:00.000Z',
            gaps: [
              { from: 3, to: 4 },
              { from: 6, to: 9 },
            ],
          },
        },
        async (plant) => {
          expect((await state(plant)).writtenOff).toMatchObject({
            by: ana.id,
            reason: 'Fell into the tank',
            received: 5,
          });
          expect(await cardOf(plant)).toMatchObject({
            title: 'V-1 Tablet at line 3 is written off',
            details: ['by Ana Byrne 2026-11-20 22:00', '6 of 9 entries never arrived', 'what it still brings is held'],
            next: ['reinstate'],
          });
        },
      ));
  test('of which nothing was ever heard is written off too', () =>
    given(anOrganisation(), paired)
      .when(tablet.writeOff({ reason: 'Stolen' }), by(root))
      .then({ type: 'device.written_off', body: { received: 0, gaps: [], lastContactAt: null } }));
  test('[L7] is written off with a reason, once, and reinstated once', async () => {
    const plant = await createPlant().run(anOrganisation(), paired);
    const code = async (asked: Asked) => {
      const outcome = await plant.ask(asked.by(ana));
      return outcome.outcome === 'rejected' ? outcome.refusal.refused : outcome.outcome;
    };
    expect(await code(tablet.writeOff({}))).toBe('invalid-input');
    expect(await code(tablet.reinstate({ reason: 'Found' }))).toBe('transition-not-allowed');
    expect(await code(tablet.writeOff({ reason: 'Lost' }))).toBe('accepted');
    expect(await code(tablet.writeOff({ reason: 'Lost' }))).toBe('transition-not-allowed');
    expect(await code(tablet.reinstate({ reason: 'Found' }))).toBe('accepted');
    expect(await state(plant)).toMatchObject({ writtenOff: null, writeOffs: [{ to: await plant.head() }] });
    expect(await cardOf(plant)).toBeNull();
  });
});

test('two copies of a device stand on the board until it is written off', async () => {
  const plant = await createPlant().run(anOrganisation(), paired);
  expect(await cardOf(plant)).toBeNull();
  await plant.must(tablet.noteFork({ deviceSeq: 4 }).by(engine));
  expect(plant.register.devices!.devices!(await state(plant)).isForked).toBe(true);
  expect(await cardOf(plant)).toMatchObject({
    title: 'Two copies of V-1 Tablet at line 3',
    urgent: true,
    details: [expect.stringContaining('connect it again')],
  });
  await plant.must(tablet.writeOff({ reason: 'Both wiped' }).by(tom));
  expect((await cardOf(plant))?.title).toContain('is written off');
});

test('what the server noticed of a device is shown beside the record, and is no part of it', async () => {
  const plant = await createPlant().run(anOrganisation(), paired, sent(1), spoke({ lastDeviceSeq: 3, outboxDepth: 2 }));
  const load = (read: Read) => plant.ledger.load(ORG, read);
  type Details = (state: unknown, id: string, load: never, at: { readonly now: string }) => Promise<object>;
  const details: Details = plant.register.devices!.details!;
  const detailsAt = async (now: string) => details(await state(plant), tablet.id, load as never, { now });
  const heardAt = plant.now();
  plant.pass(16);
  expect(await detailsAt(heardAt)).toMatchObject({ contact: { isSilent: false } });
  expect(await detailsAt(plant.now())).toEqual({
    contact: {
      isSilent: true,
      user: marek.id,
      received: 1,
      lastDeviceSeq: 3,
      gaps: [{ from: 2, to: 3 }],
      outboxDepth: 2,
      lastContactAt: heardAt,
    },
  });
});
