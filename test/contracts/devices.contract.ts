/** What every ledger promises about commands that a device made away from it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Command, Outcome } from '../../shared/kernel/command.ts';
import type { Made } from '../../shared/kernel/device.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import type { Prose, ProsePhoto } from '../../shared/kernel/prose.ts';
import { contacts, proseOf, select } from '../../shared/kernel/read.ts';
import { create } from '../kit/jobs.ts';
import { ask, NOON, OTHER_PLANT, perform, PLANT, uuid, type TestLedger } from '../kit/ledger.ts';

const TABLET = uuid('tablet');
const PHONE = uuid('phone');
const at = new Date(NOON).toISOString();

export function devicesContract(name: string, open: () => TestLedger): void {
  describe(`${name} ledger and its devices`, () => {
    let open_: TestLedger;
    let ledger: Ledger;
    beforeEach(() => {
      open_ = open();
      ledger = open_.ledger;
    });
    afterEach(() => open_.close());

    const made = (command: Command, device: string, how: Partial<Made> & { deviceSeq: number }): Command => ({
      ...command,
      caller: { ...command.caller, id: uuid(`whoever has ${device}`) },
      device,
      recordedAt: at,
      occurredAt: at,
      keepRefusal: true,
      made: { observedSeq: 1, tz: 'Europe/London', clockOffsetMs: 0, ...how },
    });
    const note = (text: string, device = TABLET, how: Partial<Made> & { deviceSeq: number } = { deviceSeq: 1 }) =>
      perform(ledger, made(ask('jobs.note', 'a', { text }), device, how));
    const finish = (name_: string, device: string, how: Partial<Made> & { deviceSeq: number }): Promise<Outcome> =>
      perform(ledger, made(ask('jobs.finish', 'a', {}, { name: name_ }), device, how));
    const job = async () => (await ledger.stream(PLANT, 'job', uuid('a')))!;

    test('[L7] what was true where it was made is recorded, and flagged when the head has moved on', async () => {
      await perform(ledger, create('a'));
      expect(await finish('first', TABLET, { deviceSeq: 1 })).toMatchObject({ outcome: 'accepted', seqs: [2] });
      const second = await finish('second', PHONE, { deviceSeq: 1 });
      expect(second).toMatchObject({ outcome: 'accepted', seqs: [3], flags: ['concurrent'] });
      const [, , event] = await ledger.events(PLANT, 0, 10);
      expect(event!.body).toMatchObject({ aside: true, flags: ['concurrent'], made: { deviceSeq: 1, observedSeq: 1 } });
      expect((await job()).seq).toBe(3);
      // The same id again, from memory and from the file.
      expect(await finish('second', PHONE, { deviceSeq: 1 })).toEqual({ ...second, outcome: 'duplicate' });
    });

    test('[L7] what its own maker could not have done is refused for good, and leaves no event', async () => {
      await perform(ledger, create('a'));
      await finish('first', TABLET, { deviceSeq: 1 });
      const again = await finish('again', TABLET, { deviceSeq: 2 });
      expect(again).toMatchObject({ outcome: 'rejected', refusal: { refused: 'transition-not-allowed' } });
      expect(await finish('again', TABLET, { deviceSeq: 2 })).toEqual(again);
      // The phone has seen that it is finished: to it, it cannot be finished again.
      expect(await finish('after', PHONE, { deviceSeq: 1, observedSeq: 2 })).toMatchObject({ outcome: 'rejected' });
      expect(await ledger.head(PLANT)).toBe(2);
    });

    test('a number that comes twice, a gap, and what a device said of itself', async () => {
      await perform(ledger, create('a'));
      await note('one');
      await note('three', TABLET, { deviceSeq: 3 });
      expect(await note('another three', TABLET, { deviceSeq: 3 })).toMatchObject({ flags: ['device_forked'] });
      const said = { device: TABLET, user: uuid('sam'), at, lastDeviceSeq: 6, outboxDepth: 3 };
      await ledger.contact(PLANT, said);
      await ledger.contact(PLANT, { ...said, device: PHONE, lastDeviceSeq: 0, outboxDepth: 0 });
      const known = await ledger.load(PLANT, contacts());
      expect(known.find(({ device }) => device === TABLET)).toEqual({ ...said, received: 3, gaps: [[2, 2]] });
      expect(known.find(({ device }) => device === PHONE)).toMatchObject({ received: 0, gaps: [] });
      // On the line, and nothing more: what it said before stands.
      await ledger.contact(PLANT, { device: TABLET, user: uuid('pat'), at: new Date(NOON + 60_000).toISOString() });
      expect((await ledger.load(PLANT, contacts())).find(({ device }) => device === TABLET)).toMatchObject({
        ...{ user: uuid('pat'), at: '2026-11-21T12:01:00.000Z', lastDeviceSeq: 6, outboxDepth: 3 },
      });
      await note('two', TABLET, { deviceSeq: 2 });
      expect((await ledger.load(PLANT, contacts())).find(({ device }) => device === TABLET)!.gaps).toEqual([]);
      expect(await ledger.load(OTHER_PLANT, contacts())).toEqual([]);
    });

    test('clocks that cannot be right are told, and nothing is corrected', async () => {
      await perform(ledger, create('a'));
      const flagsOf = async (answer: Promise<Outcome>) => ((await answer) as { flags?: readonly string[] }).flags ?? [];
      expect(await flagsOf(note('right'))).toEqual([]);
      expect(await flagsOf(note('unknown', TABLET, { deviceSeq: 2, clockOffsetMs: null }))).toEqual(['clock_suspect']);
      expect(await flagsOf(note('far', TABLET, { deviceSeq: 3, clockOffsetMs: -121_000 }))).toEqual(['clock_suspect']);
      expect(await flagsOf(note('near', TABLET, { deviceSeq: 4, clockOffsetMs: 119_000 }))).toEqual([]);
      const past = { recordedAt: new Date(NOON - 60_000).toISOString() };
      const back = { ...made(ask('jobs.note', 'a', { text: 'back' }), TABLET, { deviceSeq: 5 }), ...past };
      expect(await flagsOf(perform(ledger, back))).toEqual(['clock_suspect']);
      const events = await ledger.events(PLANT, 0, 10);
      expect(events.at(-1)).toMatchObject({ occurredAt: at, recordedAt: past.recordedAt, receivedAt: at });
    });

    test('[L10] what a device signed is kept to the byte beside the first event of its command', async () => {
      await perform(ledger, create('a'));
      const signed = { text: '{"v":1,"ä":"…"}', signature: 'c2ln' };
      const split = ask('jobs.split', 'a', { parts: ['x', 'y'] });
      await perform(ledger, { ...made(split, TABLET, { deviceSeq: 1 }), signed });
      expect(await ledger.signed(PLANT, 2)).toEqual(signed);
      expect(await ledger.signed(PLANT, 3)).toBeUndefined();
      expect(await ledger.signed(OTHER_PLANT, 2)).toBeUndefined();
      const bodies = (await ledger.events(PLANT, 1, 10)).map(({ body }) => body.made?.deviceSeq);
      expect(bodies).toEqual([1, undefined]);
    });

    test('[L7] a fault while a device is served leaves neither event nor receipt', async () => {
      await perform(ledger, create('a'));
      const boom = made(ask('jobs.explode', 'a'), TABLET, { deviceSeq: 1 });
      await expect(ledger.transact([boom])).rejects.toThrow('The boiler is gone.');
      expect(await ledger.load(PLANT, contacts())).toEqual([]);
      expect(await note('fine')).toMatchObject({ outcome: 'accepted', seqs: [2] });
    });

    test('a rule sees the people’s text as it stands, and what a fact seals is sealed in its transaction', async () => {
      const sealed: string[] = [];
      const photo: ProsePhoto = {
        entity: uuid('a'),
        room: `${uuid('a')}@1`,
        text: 'Pump 3 hums.',
        state: new Uint8Array([1]),
        stateSha256: 'ab',
        updates: 1,
      };
      const keeper: Prose = {
        photograph: (org, entity) => (org === PLANT && entity === photo.entity ? photo : undefined),
        seal: (_org, entity, seq) => void sealed.push(`${entity} ${seq}`),
      };
      open_.store.attachProse(keeper);
      await perform(ledger, create('a'));
      await perform(ledger, ask('jobs.photograph', 'a'));
      expect(sealed).toEqual([`${uuid('a')} 2`]);
      expect((await ledger.load(PLANT, select<{ notes: string[] }>('jobs')))[0]!.value.notes).toEqual(['Pump 3 hums.']);
      expect(await ledger.load(PLANT, proseOf([uuid('nobody')]))).toEqual([]);
    });
  });
}
