/** What a device brings that may not pass without a supervisor: kept whole, confirmed or discarded, and never forgotten. */
import { describe, expect, test } from 'vitest';
import type { HeldState } from '../../shared/features/held/contract.ts';
import { note } from '../../shared/features/held/note.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { base64, sha256, sha256Hex, textOf, utf8 } from '../../shared/kernel/bytes.ts';
import { canonical } from '../../shared/kernel/canonical.ts';
import type { Command, Outcome } from '../../shared/kernel/command.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import { signerFromSeed } from '../../shared/proof/ed25519.ts';
import { parseLeaf } from '../../shared/proof/leaf.ts';
import { device, heldEntry, task, user, type Asked } from '../kit/ask.ts';
import { anOrganisation, aTask, PACKAGING, pump } from '../kit/given.ts';
import { ana, ben, EVERYBODY, marek, ORG, root, tom, type Person } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';
import { around, replicaOf } from '../kit/vault-of.ts';

const key = signerFromSeed(sha256(utf8('tablet')));
const tablet = device('tablet');
const paired = tablet.pair({ name: 'Tablet at line 3', publicKey: base64(key.publicKey) }).by(marek);
const lost = tablet.writeOff({ reason: 'Lost in the cellar' }).by(ana);
const idOf = (deviceSeq: number): string => derivedId('test', 'made', String(deviceSeq));

/** As the tablet would have sent it, signed; `observedSeq`: all that there is, unless said otherwise. */
async function made(plant: Plant, asked: Asked, by: Person, deviceSeq: number, observedSeq?: number): Promise<Outcome> {
  const seen = observedSeq ?? (await plant.head());
  const text = canonical({ deviceSeq, observedSeq: seen, type: asked.type, body: asked.input as never });
  const more: Partial<Command> = {
    id: idOf(deviceSeq),
    device: tablet.id,
    made: { deviceSeq, observedSeq: seen, tz: 'Europe/London', clockOffsetMs: 0 },
    occurredAt: plant.now(),
    recordedAt: plant.now(),
    askedSha256: sha256Hex(utf8(text)),
    signed: { text, signature: base64(key.sign(utf8(text))) },
    submittedBy: tom.id,
    keepRefusal: true,
  };
  const outcome = await plant.ask(asked.by(by), more);
  await plant.settle();
  return outcome;
}

const entry = (deviceSeq: number) => heldEntry(idOf(deviceSeq));
const state = (plant: Plant, deviceSeq: number): Promise<HeldState> => plant.state(entry(deviceSeq));
const noted = pump.note({ text: 'Bearing is hot.' });
const aLostTablet = (...steps: readonly Step[]) =>
  createPlant().run(anOrganisation(), aTask('in_progress'), paired, lost, ...steps);
const cardOf = async (plant: Plant) => {
  const replica = await replicaOf(plant);
  const [one] = replica.all('held');
  return one ? note.card!(one.state as HeldState, one, around(replica)) : null;
};
const lastOf = async (plant: Plant) => (await plant.events()).at(-1)!;

describe('a device that was written off comes back', () => {
  test('[L7] what it brings is held, whole, and changes nothing yet', async () => {
    const plant = await aLostTablet();
    const before = await plant.state<TaskState>(pump);
    const outcome = await made(plant, noted, marek, 3);
    expect(outcome).toMatchObject({
      outcome: 'held',
      subject: { kind: 'held', id: idOf(3) },
      refusal: { detail: expect.stringContaining('written off') },
    });
    expect(await plant.state(pump)).toEqual(before);
    expect(await state(plant, 3)).toMatchObject({
      status: 'waiting',
      asks: 'tasks.note',
      item: { kind: 'task', id: pump.id },
      input: '{"text":"Bearing is hot."}',
      author: { id: marek.id, role: 'maintenance_engineer' },
      device: tablet.id,
      made: { deviceSeq: 3 },
      submittedBy: tom.id,
      decided: null,
    });
  });

  test('[L9] its words stand in no leaf, neither as asked nor as signed', async () => {
    const plant = await aLostTablet();
    await made(plant, noted, marek, 3);
    await plant.must(entry(3).confirm({ reason: 'Marek told me' }).by(ana));
    const leaves = await plant.ledger.leaves(ORG, 1, await plant.head());
    const words = leaves.map(({ leaf }) => textOf(leaf)).join('\n');
    for (const word of ['Bearing', 'Marek told me']) expect(words).not.toContain(word);
  });

  test('confirmed, it is recorded as its author’s, made and signed on that device, and flagged', async () => {
    const plant = await aLostTablet();
    await made(plant, noted, marek, 3);
    const occurredAt = plant.now();
    plant.pass(90);
    await plant.must(entry(3).confirm({ reason: 'Marek told me' }).by(ana));
    const event = await lastOf(plant);
    expect(event).toMatchObject({
      type: 'task.noted',
      actor: { kind: 'user', id: marek.id },
      device: tablet.id,
      occurredAt,
      recordedAt: occurredAt,
      receivedAt: plant.now(),
      body: { made: { deviceSeq: 3 }, submittedBy: ana.id, flags: expect.arrayContaining(['from_written_off_device']) },
    });
    const signed = await plant.ledger.signed(ORG, event.seq);
    const [{ leaf } = { leaf: new Uint8Array() }] = await plant.ledger.leaves(ORG, event.seq, event.seq);
    expect(parseLeaf(leaf).command.sha256).toBe(sha256Hex(utf8(signed!.text)));
    expect(await state(plant, 3)).toMatchObject({
      status: 'confirmed',
      decided: { by: ana.id, reason: 'Marek told me' },
    });
    expect(plant.refusedWishes).toEqual([]);
  });

  test('[L4] the answer to the command itself stays held for ever', async () => {
    const plant = await aLostTablet();
    const seen = await plant.head();
    const first = await made(plant, noted, marek, 3, seen);
    await plant.must(entry(3).confirm().by(ana));
    const head = await plant.head();
    expect(await made(plant, noted, marek, 3, seen)).toEqual(first);
    expect(await plant.head()).toBe(head);
  });

  test('discarded, nothing more comes of it, and it stays on record', async () => {
    const plant = await aLostTablet();
    await made(plant, noted, marek, 3);
    await plant.must(entry(3).discard({ reason: 'Not his handwriting' }).by(ana));
    expect((await lastOf(plant)).type).toBe('held.discarded');
    expect(await state(plant, 3)).toMatchObject({ status: 'discarded', decided: { by: ana.id } });
  });

  test('[L4] it is decided once', async () => {
    for (const first of ['confirm', 'discard'] as const) {
      const plant = await aLostTablet();
      await made(plant, noted, marek, 3);
      await plant.must(entry(3)[first]().by(ana));
      for (const again of ['confirm', 'discard'] as const)
        expect(await plant.ask(entry(3)[again]().by(tom))).toMatchObject({
          refusal: { refused: 'transition-not-allowed' },
        });
    }
  });

  test('reinstated, its next entries pass; what was held before still says where it came from', async () => {
    const plant = await aLostTablet();
    await made(plant, noted, marek, 3);
    await plant.must(tablet.reinstate({ reason: 'Found behind the pump' }).by(ana));
    const next = await made(plant, pump.note({ text: 'It was the bearing.' }), marek, 4);
    expect(next).toMatchObject({ outcome: 'accepted' });
    expect((await lastOf(plant)).body).not.toHaveProperty('flags');
    await plant.must(entry(3).confirm().by(ana));
    expect((await lastOf(plant)).body.flags).toContain('from_written_off_device');
  });

  test('a chain is confirmed in its order: what it made is there for what came after', async () => {
    const plant = await aLostTablet();
    const leak = task('leak');
    const seen = await plant.head();
    await made(plant, leak.create({ title: 'Oil under pump 4', area: PACKAGING }), marek, 3, seen);
    await made(plant, leak.note({ text: 'About two litres.' }), marek, 4, seen);
    for (const deviceSeq of [3, 4]) await plant.must(entry(deviceSeq).confirm().by(ana));
    expect((await plant.state<TaskState>(leak)).actions.map(({ what }) => what)).toEqual(['created', 'noted']);
    expect(plant.refusedWishes).toEqual([]);
  });

  test('[L14] what the rules refuse its author waits again, and the supervisor is told why', async () => {
    const plant = await aLostTablet();
    await made(plant, pump.verify(), ben, 3);
    await plant.must(entry(3).confirm().by(ana));
    expect(plant.refusedWishes).toEqual(['tasks.verify role-not-allowed']);
    expect(await state(plant, 3)).toMatchObject({ status: 'refused', refusal: { code: 'role-not-allowed' } });
    expect((await cardOf(plant))?.details).toContainEqual(
      expect.stringContaining('confirmed, but refused: The role operator'),
    );
    await plant.must(entry(3).discard().by(ana));
    expect(await cardOf(plant)).toBeNull();
  });
  test('a chain that was confirmed in the wrong order is confirmed once more', async () => {
    const plant = await aLostTablet();
    const leak = task('leak');
    const seen = await plant.head();
    await made(plant, leak.create({ title: 'Oil under pump 4', area: PACKAGING }), marek, 3, seen);
    await made(plant, leak.note({ text: 'About two litres.' }), marek, 4, seen);
    for (const deviceSeq of [4, 3, 4]) await plant.must(entry(deviceSeq).confirm().by(ana));
    expect((await plant.state<TaskState>(leak)).actions.map(({ what }) => what)).toEqual(['created', 'noted']);
    expect(await state(plant, 4)).toMatchObject({ status: 'confirmed' });
  });
});

describe('[L14] held entries', () => {
  for (const [role, whom] of Object.entries(EVERYBODY))
    for (const verb of ['confirm', 'discard'] as const) {
      const may = whom === ana;
      test(`${may ? 'a' : 'no'} ${role} may ${verb} them`, async () => {
        const plant = await aLostTablet();
        await made(plant, noted, marek, 3);
        const outcome = await plant.ask(entry(3)[verb]().by(whom));
        if (may) expect(outcome.outcome).toBe('accepted');
        else expect(outcome).toMatchObject({ refusal: { refused: 'role-not-allowed' } });
      });
    }
  test('stand on the board with what to do, until somebody has decided', async () => {
    const plant = await aLostTablet();
    await made(plant, noted, marek, 3);
    expect(await cardOf(plant)).toMatchObject({
      title: 'H-1 Held: note T-1',
      details: [
        'by Marek Zieliński 2026-11-20 22:00',
        'from Tablet at line 3',
        expect.stringContaining('confirms or discards'),
      ],
      urgent: true,
      next: ['confirm', 'discard'],
    });
    await plant.must(entry(3).confirm().by(ana));
    expect(await cardOf(plant)).toBeNull();
  });
});

describe('people who leave', () => {
  const leaves = user(marek.id).deactivate({ reason: 'Left the company' }).by(root);
  const aTablet = (...steps: readonly Step[]) =>
    createPlant().run(anOrganisation(), aTask('in_progress'), paired, ...steps);

  test('what they made before they left is held, and is no matter of the device', async () => {
    const plant = await aTablet();
    const seen = await plant.head();
    await plant.must(leaves);
    expect(await made(plant, noted, marek, 3, seen)).toMatchObject({
      outcome: 'held',
      refusal: { detail: expect.stringContaining('has left') },
    });
    await plant.must(entry(3).confirm().by(ana));
    const { type, actor, body } = await lastOf(plant);
    expect([type, actor.id]).toEqual(['task.noted', marek.id]);
    expect(body.flags ?? []).not.toContain('from_written_off_device');
  });
  test('[L7] what is made in their name afterwards is refused, and the no is kept', async () => {
    const plant = await aTablet(leaves);
    const seen = await plant.head();
    const head = seen;
    const no = await made(plant, noted, marek, 3, seen);
    expect(no).toMatchObject({ outcome: 'rejected', refusal: { refused: 'role-not-allowed' } });
    expect(await plant.head()).toBe(head);
    await plant.must(user(marek.id).reactivate({ reason: 'Came back' }).by(root));
    expect(await made(plant, noted, marek, 3, seen)).toEqual(no);
    expect(await made(plant, noted, marek, 4)).toMatchObject({ outcome: 'accepted' });
  });
});
