/** Sealing while people are offline: which devices are missing, and what the seal says about them (sync: seal with unsynced devices). */
import { describe, expect, test } from 'vitest';
import { shifts } from '../../shared/features/shifts/index.ts';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import { missingDevices } from '../../shared/features/shifts/missing-devices.ts';
import { textOf } from '../../shared/kernel/bytes.ts';
import type { Contact } from '../../shared/kernel/device.ts';
import type { Refusal } from '../../shared/kernel/refusal.ts';
import { parseSealText } from '../../shared/proof/seal.ts';
import { device as paired } from '../kit/ask.ts';
import { aNightShift, anOrganisation, NIGHT, night, PACKAGING } from '../kit/given.ts';
import { handedOver } from '../kit/handover.ts';
import { bring, device } from '../kit/made.ts';
import { ana, aude, ben, marek, ORG, tom } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';

const NOW = '2026-11-21T06:10:00.000Z';
const ago = (minutes: number): string => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
const DAY = 24 * 60;
const contact = (more: Partial<Contact>): Contact => ({
  device: device('phone').id,
  user: marek.id,
  at: ago(1),
  lastDeviceSeq: 7,
  outboxDepth: 0,
  received: 7,
  gaps: [],
  ...more,
});
type Reach = Readonly<{ role: string; areas: readonly string[] }>;
const row = (reach: Reach = { role: 'maintenance_engineer', areas: [] }, isWrittenOff = false) =>
  ({
    key: device('phone').id,
    number: 1,
    first: 1,
    seq: 1,
    value: { name: "Marek's phone", people: [{ user: marek.id, ...reach }], writtenOff: isWrittenOff ? {} : null },
  }) as unknown as Parameters<typeof missingDevices>[2][number];
const missing = (said: Partial<Contact>, devices: readonly ReturnType<typeof row>[] = [row()]) =>
  missingDevices({ area: PACKAGING, to: NIGHT.to }, [contact(said)], devices, NOW, 'Europe/London')[0];

describe('a device is missing', () => {
  const gap = { gaps: [[3, 4]] as const, received: 7 };
  const waiting = { outboxDepth: 2 };
  const silent = { at: ago(16) };
  for (const [what, said, devices, why] of [
    ['when numbers are missing from it', gap, [row()], ['gaps']],
    ['when it said that entries wait on it', waiting, [row()], ['waiting']],
    ['when it had given higher numbers than ever arrived', { lastDeviceSeq: 9 }, [row()], ['waiting']],
    ['when it has been silent for more than 15 minutes', silent, [row()], ['silent']],
    ['for all reasons at once', { ...gap, ...waiting, ...silent }, [row()], ['gaps', 'waiting', 'silent']],
    ['not when it spoke 15 minutes ago and brought everything', { at: ago(15) }, [row()], undefined],
    [
      'not for its silence when it was last heard a week before the end of the shift',
      { at: ago(7 * DAY + 11) },
      [row()],
      undefined,
    ],
    ['for its gaps however long it is silent', { ...gap, at: ago(30 * DAY) }, [row()], ['gaps']],
    ['not when it was written off', { ...gap, ...waiting, ...silent }, [row(undefined, true)], undefined],
    [
      'not when nobody on it may write in the area',
      { ...gap, ...waiting, ...silent },
      [row({ role: 'operator', areas: ['leeds/utilities'] })],
      undefined,
    ],
    ['not when its only person may only read', silent, [row({ role: 'auditor', areas: [] })], undefined],
    [
      'when somebody on it writes inside the area',
      silent,
      [row({ role: 'operator', areas: [`${PACKAGING}/line-3`] })],
      ['silent'],
    ],
    ['when somebody on it writes around the area', silent, [row({ role: 'operator', areas: ['leeds'] })], ['silent']],
    ['unpaired, for what is known to be missing', { ...gap, ...waiting, ...silent }, [], ['gaps', 'waiting']],
    ['not for silence alone when it was never paired', silent, [], undefined],
    ['not for silence when it never said a word itself', { at: null }, [row()], undefined],
  ] as const)
    test(what, () => expect(missing(said, devices)?.why).toEqual(why));

  test('and says so in plain words, with the time of today or the day before it', () => {
    expect(missing({ at: '2026-11-21T03:12:00.000Z', outboxDepth: 2 })?.says).toBe(
      "Device Marek's phone silent since 03:12, 2 entries waiting when last heard",
    );
    expect(missing({ at: '2026-11-20T23:40:00.000Z', gaps: [[8, 8]] })?.says).toBe(
      "Device Marek's phone silent since 2026-11-20 23:40, entry 8 missing",
    );
    expect(
      missing(
        {
          outboxDepth: 1,
          gaps: [
            [2, 3],
            [5, 5],
          ],
        },
        [],
      )?.says,
    ).toMatch(/^Device …[0-9a-f]{8} heard at 06:09, 1 entry waiting when last heard, entries 2–3, 5 missing$/);
  });
});

const phone = device('phone');
const at =
  (time: string): Step =>
  async (plant) =>
    plant.waitUntil(time);
const spoke =
  (outboxDepth: number, lastDeviceSeq: number): Step =>
  (plant) =>
    plant.ledger.contact(ORG, { device: phone.id, user: marek.id, at: plant.now(), lastDeviceSeq, outboxDepth });
const pairedPhone: Step = (plant) =>
  plant.must(
    paired(phone.id)
      .pair({ name: "Marek's phone", publicKey: `${'A'.repeat(43)}=` })
      .by(marek),
  );

/** Marek's phone was last heard at 03:12 with two entries waiting; at 06:05 the shift is handed over. */
const story: readonly Step[] = [
  anOrganisation(),
  pairedPhone,
  aNightShift(),
  at('2026-11-21T03:12:00.000Z'),
  spoke(2, 2),
  at('2026-11-21T06:05:00.000Z'),
  handedOver(),
];
const headOf = async (plant: Plant) => (await plant.events()).filter(({ shift }) => shift === night.id).at(-1)!.seq;

describe('the seal', () => {
  test('[L7] is refused while devices are missing; the refusal lists them, the head, and what to do', async () => {
    const plant = await createPlant().run(...story);
    const outcome = await plant.ask(night.seal().by(tom));
    const { refusal } = outcome as { refusal: Refusal };
    expect(refusal).toMatchObject({
      refused: 'devices-missing',
      extra: {
        head: await headOf(plant),
        devices: [
          {
            device: phone.id,
            name: "Marek's phone",
            user: marek.id,
            lastContact: '2026-11-21T03:12:00.000Z',
            lastDeviceSeq: 2,
            received: 0,
            gaps: [],
            outboxDepth: 2,
            why: ['waiting', 'silent'],
          },
        ],
      },
    });
    for (const words of ["Marek's phone", 'Wait for it', 'write off', 'reason'])
      expect(refusal.detail).toContain(words);
  });

  test('with a reason says which were missing, in its text, in its event and in the report', async () => {
    const plant = await createPlant().run(...story);
    const expectedHead = await headOf(plant);
    await plant.must(night.seal({ expectedHead, reason: 'Marek is in the cellar\nuntil seven.' }).by(tom));
    const { seal } = await plant.state<ShiftState>(night);
    const exceptions = [
      {
        device: phone.id,
        user: marek.id,
        lastDeviceSeq: 2,
        lastContact: '2026-11-21T03:12:00.000Z',
        outboxDepth: 2,
        gaps: [],
      },
    ];
    expect(seal).toMatchObject({ expectedHead, exceptions, reason: 'Marek is in the cellar\nuntil seven.' });
    const [event] = (await plant.events()).filter(({ type }) => type === 'shift.sealed');
    expect(event!.body).toMatchObject({ exceptions, expectedHead, reason: 'Marek is in the cellar\nuntil seven.' });
    const line =
      "Device Marek's phone silent since 03:12, 2 entries waiting when last heard: Marek is in the cellar until seven.";
    const { text } = (await plant.ledger.attestation(ORG, seal!.seq))!;
    expect(parseSealText(text).exceptions).toEqual([line]);
    const report = textOf((await plant.ledger.file(ORG, seal!.reportSha256))!);
    expect(report).toContain(`## 7. Exceptions\n\n- ${line}\n`);
  });

  test('wants no reason once the device has brought everything', async () => {
    const plant = await createPlant().run(...story.slice(0, -1));
    await bring(
      plant,
      ...['Valve 4 turned.', 'Valve 5 turned.'].map((text) => phone.observed(1).does(night.log({ text })).by(marek)),
    );
    await plant.run(spoke(0, 2), handedOver());
    const { seal } = await plant.run(night.seal().by(tom)).then((done) => done.state<ShiftState>(night));
    expect(seal).toMatchObject({ exceptions: [], reason: null, expectedHead: null });
  });

  test('wants no reason once the device is written off', async () => {
    const plant = await createPlant().run(
      ...story,
      paired(phone.id).writeOff({ reason: 'Fell into the tank.' }).by(ana),
    );
    await plant.must(night.seal().by(tom));
  });

  test('[L7] the head comes first: whoever has not seen all entries is told that, not who is missing', async () => {
    const plant = await createPlant().run(...story);
    const expectedHead = await headOf(plant);
    await plant.must(night.log({ text: 'One more.' }).by(ben));
    expect(await plant.ask(night.seal({ expectedHead, reason: 'Anyway.' }).by(tom))).toMatchObject({
      refusal: { refused: 'head-moved' },
    });
  });

  test('cannot be asked for by a device on its own', async () => {
    expect(shifts.commands.seal?.online).toBe(true);
    const plant = await createPlant().run(...story);
    await expect(bring(plant, phone.observed(1).does(night.seal()).by(ana))).rejects.toThrow('online');
  });

  test('many missing devices are all named, over several entries of the log', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift(), handedOver());
    for (let n = 0; n < 120; n++)
      await plant.ledger.contact(ORG, {
        ...{ device: device(`phone ${n}`).id, user: aude.id, at: plant.now(), lastDeviceSeq: 3, outboxDepth: 3 },
      });
    await plant.must(night.seal({ reason: 'The network is down.' }).by(tom));
    const { seal } = await plant.state<ShiftState>(night);
    expect(new Set(seal!.exceptions.map(({ device: one }) => one)).size).toBe(120);
    const { text } = (await plant.ledger.attestation(ORG, seal!.seq))!;
    expect(parseSealText(text).exceptions).toHaveLength(120);
  });
});

test('whoever looks at an open shift sees the same list before sealing it', async () => {
  const plant = await createPlant().run(...story);
  const load = <T>(read: unknown) => plant.ledger.load(ORG, read as never) as Promise<T>;
  const details = shifts.details as (
    state: ShiftState,
    id: string,
    loader: typeof load,
    at: { now: string },
  ) => Promise<unknown>;
  const look = async () => details(await plant.state<ShiftState>(night), night.id, load, { now: plant.now() });
  const { refusal } = (await plant.ask(night.seal().by(tom))) as { refusal: Refusal };
  expect(await look()).toMatchObject({ devices: refusal.extra!['devices'] });
  await plant.must(night.seal({ reason: 'Seen.' }).by(tom));
  expect(await look()).toEqual({});
});
