/** What every ledger promises, whatever it is stored in. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { leafHash, verifyConsistency, verifyInclusion, type NodeReader } from '../../shared/proof/tree.ts';
import { openCheckpoint } from '../../shared/proof/checkpoint.ts';
import { verifySshsig, parseSshsig } from '../../shared/proof/sshsig.ts';
import { commitmentsIn, discloseBody, parseLeaf } from '../../shared/proof/leaf.ts';
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import { eventsOfShift, filesAmong, leavesOfShift, select, type Row } from '../../shared/kernel/read.ts';
import { allOf, create } from '../kit/jobs.ts';
import { ask, OTHER_PLANT, perform, PLANT, uuid, type TestLedger } from '../kit/ledger.ts';
import type { JobState } from '../kit/toy-feature.ts';

export function ledgerContract(name: string, open: () => TestLedger): void {
  describe(`${name} ledger`, () => {
    let open_: TestLedger;
    let ledger: Ledger;
    beforeEach(() => {
      open_ = open();
      ledger = open_.ledger;
    });
    afterEach(() => open_.close());

    const transact = (...commands: Parameters<Ledger['transact']>[0]) => ledger.transact(commands);

    test('[L1] what the door accepts is one event, one row and one number, and the answer names them', async () => {
      const outcome = await perform(ledger, create('a'));
      expect(outcome).toEqual({
        outcome: 'accepted',
        subject: { kind: 'job', id: uuid('a') },
        seqs: [1],
        head: 1,
      });
      const [event] = await ledger.events(PLANT, 0, 10);
      expect(event).toMatchObject({
        seq: 1,
        org: PLANT,
        type: 'job.created',
        subject: { kind: 'job', id: uuid('a') },
        area: 'leeds/packaging',
        body: { title: 'Check a', area: 'leeds/packaging', weight: 1, number: 1 },
      });
      const stream = await ledger.stream(PLANT, 'job', uuid('a'));
      expect(stream).toEqual({
        kind: 'job',
        id: uuid('a'),
        number: 1,
        first: 1,
        seq: 1,
        state: { title: 'Check a', area: 'leeds/packaging', status: 'open', weight: 1, notes: [] },
      });
      expect(await ledger.stream(PLANT, 'job', 1)).toEqual(stream);
      expect(await ledger.stream(PLANT, 'job', 2)).toBeUndefined();
      expect(await ledger.stream(PLANT, 'nothing', 1)).toBeUndefined();
    });

    test('[L4] the same command id gets the same answer ever after and makes nothing new', async () => {
      const first = await perform(ledger, create('a'));
      const again = await perform(ledger, create('a'));
      expect(again).toEqual({ ...first, outcome: 'duplicate' });
      const [one, two] = await transact(create('b'), create('b'));
      expect([one!.outcome, two!.outcome]).toEqual(['accepted', 'duplicate']);
      expect(await ledger.head(PLANT)).toBe(2);
    });

    test('[L4] a command id used again with another body is refused and leaves nothing', async () => {
      await perform(ledger, create('a'));
      const before = await allOf(ledger, PLANT);
      const reused = { ...create('a', 'Another title'), id: create('a').id };
      expect(await perform(ledger, reused)).toMatchObject({
        outcome: 'rejected',
        refusal: { refused: 'command-id-reused' },
      });
      expect(await allOf(ledger, PLANT)).toEqual(before);
    });

    test('[L7] a refusal says why and leaves nothing behind in any table', async () => {
      await transact(create('a'), ask('jobs.finish', 'a'));
      const before = await allOf(ledger, PLANT);
      const refusals = await transact(
        ask('jobs.finish', 'a', {}, { name: 'again' }),
        ask('jobs.note', 'nobody', { text: 'Hello' }),
        create('b', ''),
        ask('jobs.create', 'a', { title: 'Twice', area: 'leeds' }),
        ask('jobs.unknown', 'a'),
        ask(
          'watches.start',
          'w',
          { area: 'leeds' },
          { caller: { kind: 'integration', id: 'i', org: PLANT, areas: [] } },
        ),
      );
      expect(refusals.map((outcome) => outcome.outcome === 'rejected' && outcome.refusal.refused)).toEqual([
        'transition-not-allowed',
        'not-found',
        'invalid-input',
        'already-exists',
        'not-found',
        'role-not-allowed',
      ]);
      for (const outcome of refusals) expect(outcome).toHaveProperty('refusal.detail', expect.stringMatching(/\w/));
      expect(await allOf(ledger, PLANT)).toEqual(before);
    });

    test('[L7] the witness of a refusal is recorded in the organisation’s own stream', async () => {
      await perform(ledger, create('a'));
      expect(await perform(ledger, ask('jobs.trespass', 'a'))).toMatchObject({ refusal: { refused: 'shift-sealed' } });
      const [, event] = await ledger.events(PLANT, 0, 10);
      expect(event).toMatchObject({
        seq: 2,
        type: 'porch.turned-away',
        subject: { kind: 'porch', id: PLANT },
        body: { what: 'trespass' },
      });
    });

    test('[L4] a refusal that is to be kept is answered again with the same words', async () => {
      await perform(ledger, create('a'));
      const refused = await perform(ledger, ask('jobs.note', 'b', { text: 'x' }, { keepRefusal: true }));
      await perform(ledger, create('b'));
      expect(await perform(ledger, ask('jobs.note', 'b', { text: 'x' }, { keepRefusal: true }))).toEqual(refused);
    });

    test('[L7] a poison command fails alone: the others of its batch are recorded, and nothing of it is', async () => {
      await perform(ledger, create('a'));
      const answers = await Promise.allSettled([
        transact(ask('jobs.note', 'a', { text: 'before' })),
        transact(ask('jobs.explode', 'a')),
        transact(ask('jobs.halfway', 'a')),
        transact(ask('jobs.note', 'a', { text: 'after' })),
      ]);
      expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
      expect((answers[1] as PromiseRejectedResult).reason).toMatchObject({ message: 'The boiler is gone.' });
      const stream = await ledger.stream(PLANT, 'job', uuid('a'));
      expect((stream!.state as JobState).notes).toEqual(['before', 'after']);
      expect((await ledger.events(PLANT, 0, 10)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
      expect(await ledger.load(PLANT, select('job_notes'))).toHaveLength(2);
      expect(await perform(ledger, ask('jobs.halfway', 'a')).catch(() => 'failed')).toBe('failed');
    });

    test('[L13] commands that wait together are committed together, under one checkpoint', async () => {
      const commits: number[] = [];
      ledger.onCommit((_org, head) => commits.push(head));
      await Promise.all(Array.from({ length: 40 }, (_, i) => transact(create(`job ${i}`))));
      expect(commits).toEqual([40]);
      await Promise.all(Array.from({ length: 100 }, (_, i) => transact(create(`more ${i}`))));
      expect(commits).toEqual([40, 104, 140]);
    });

    test('[L4] short numbers count without gaps, also past refusals and faults', async () => {
      await transact(create('a'));
      await Promise.allSettled([
        transact(create('b', '')),
        transact(ask('jobs.create', 'boom', { title: 'x', area: 'leeds' }), ask('jobs.explode', 'boom')),
        transact(create('c')),
        transact(ask('watches.start', 'w', { area: 'leeds' })),
      ]);
      const rows = await ledger.load(PLANT, select('jobs', { order: 'oldest' }));
      expect(rows.map(({ number }) => number)).toEqual([1, 2, 3]);
      expect((await ledger.stream(PLANT, 'watch', 1))!.id).toBe(uuid('w'));
    });

    test('[L3] selects find rows by every test, in the order of their first appearance', async () => {
      await transact(
        create('a', 'Pump 3 leaks 100%', { weight: 1 }),
        ask('jobs.create', 'b', { title: 'Belt_slips', area: 'leeds/packaging/line-3', weight: 2.5 }),
        ask('jobs.create', 'c', { title: 'Ölstand prüfen', area: 'leeds/packaging-2', weight: 3 }),
      );
      await transact(ask('jobs.note', 'a', { text: 'Seal worn' }), ask('jobs.finish', 'a'));
      const found = async (where: object, more: object = {}) =>
        (
          (await ledger.load(PLANT, select<JobState>('jobs', { where: where as never, ...more }))) as Row<JobState>[]
        ).map(({ number }) => number);
      expect(await found({})).toEqual([3, 2, 1]);
      expect(await found({}, { order: 'oldest' })).toEqual([1, 2, 3]);
      expect(await found({}, { limit: 2 })).toEqual([3, 2]);
      expect(await found({ status: 'open' })).toEqual([3, 2]);
      expect(await found({ status: { not: 'open' } })).toEqual([1]);
      expect(await found({ key: { in: [uuid('a'), uuid('c'), uuid('d')] } })).toEqual([3, 1]);
      expect(await found({ key: { in: [] } })).toEqual([]);
      expect(await found({ area: { within: ['leeds/packaging'] } })).toEqual([2, 1]);
      expect(await found({ area: { within: ['leeds'] } })).toEqual([3, 2, 1]);
      expect(await found({ search: { contains: '100%' } })).toEqual([1]);
      expect(await found({ search: { contains: 't_s' } })).toEqual([2]);
      expect(await found({ search: { contains: '%' } })).toEqual([1]);
      expect(await found({ search: { contains: 'ÖLSTAND' } })).toEqual([3]);
      expect(await found({ weight: { above: 2 } })).toEqual([3, 2]);
      expect(await found({ weight: { below: 2.5 } })).toEqual([1]);
      expect(await found({ number: 2 })).toEqual([2]);
      expect(await found({ number: '2' })).toEqual([]);
      expect(await found({ first: { below: 3 } })).toEqual([2, 1]);
      expect(await found({ unheardOf: null })).toEqual([3, 2, 1]);
      expect(await found({ status: 'open', area: { within: ['leeds/packaging'] } })).toEqual([2]);
      const [row] = await ledger.load(PLANT, select<JobState>('jobs', { where: { number: 1 } }));
      expect(row).toMatchObject({
        key: uuid('a'),
        first: 1,
        seq: 5,
        value: { status: 'finished', notes: ['Seal worn'] },
      });
      const notes = await ledger.load(PLANT, select('job_notes', { where: { job: uuid('a') } }));
      expect(notes).toEqual([
        { key: expect.any(String), number: null, first: 4, seq: 4, value: { job: uuid('a'), text: 'Seal worn' } },
      ]);
      expect(await ledger.load(PLANT, select('unheardOf'))).toEqual([]);
    });

    test('[L3] a rule sees what earlier commands of its own batch have written', async () => {
      const outcomes = await transact(
        create('a'),
        create('b'),
        ask('jobs.finish', 'a', { needs: [uuid('b')] }, { name: 'too early' }),
        ask('jobs.finish', 'b'),
        ask('jobs.finish', 'a', { needs: [uuid('b')] }, { name: 'now' }),
        ask('jobs.finish', 'b', {}, { name: 'twice' }),
      );
      expect(outcomes.map(({ outcome }) => outcome)).toEqual([
        'accepted',
        'accepted',
        'rejected',
        'accepted',
        'accepted',
        'rejected',
      ]);
    });

    test('[L7] what a failed command had written is invisible to the rules that come after it', async () => {
      await transact(create('a'), create('b'));
      const answers = await Promise.allSettled([
        transact(ask('jobs.finish', 'a', { needs: [uuid('b')] }, { name: 'look' })),
        transact(ask('jobs.halfway', 'b')),
        transact(ask('jobs.finish', 'b')),
        transact(ask('jobs.finish', 'a', { needs: [uuid('b')] }, { name: 'look again' })),
      ]);
      expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
      expect((await ledger.stream(PLANT, 'job', uuid('b')))!.state).toMatchObject({ notes: [], status: 'finished' });
      expect((await ledger.stream(PLANT, 'job', uuid('a')))!.state).toMatchObject({ status: 'finished' });
    });

    test('[L3] links are found from both ends, in the order of the ledger', async () => {
      const cause = { kind: 'occurrence', id: uuid('o'), rel: 'caused_by' as const };
      const other = { kind: 'job', id: uuid('a'), rel: 'follow_up_of' as const };
      await transact(
        ask('jobs.create', 'a', { title: 'One', area: 'leeds' }, { upstream: [cause] }),
        ask('jobs.create', 'b', { title: 'Two', area: 'leeds' }, { upstream: [cause, other] }),
      );
      const a = { kind: 'job', id: uuid('a') };
      const b = { kind: 'job', id: uuid('b') };
      const o = { kind: 'occurrence', id: uuid('o') };
      expect(await ledger.links(PLANT, b, 'up')).toEqual([
        { from: b, rel: 'caused_by', to: o, seq: 2 },
        { from: b, rel: 'follow_up_of', to: a, seq: 2 },
      ]);
      expect((await ledger.links(PLANT, o, 'down')).map(({ seq }) => seq)).toEqual([1, 2]);
      expect(await ledger.links(PLANT, { kind: 'job', id: uuid('o') }, 'down')).toEqual([]);
    });

    test('[L2] the history of one item is its own events only, up to a position', async () => {
      await transact(create('a'), create('b'), ask('jobs.note', 'a', { text: 'x' }), ask('jobs.finish', 'a'));
      const a = { kind: 'job', id: uuid('a') };
      expect((await ledger.history(PLANT, a)).map(({ seq }) => seq)).toEqual([1, 3, 4]);
      expect((await ledger.history(PLANT, a, 3)).map(({ seq }) => seq)).toEqual([1, 3]);
      expect(await ledger.history(PLANT, { kind: 'watch', id: uuid('a') })).toEqual([]);
      expect(await ledger.events(PLANT, 1, 2)).toHaveLength(2);
      expect(await ledger.events(PLANT, 4, 10)).toEqual([]);
    });

    test('[L3] events carry the shift that presided, and a seal counts exactly these', async () => {
      await perform(ledger, create('early'));
      const text = 'Photo of the pump';
      const [started, , , , sealed] = await transact(
        ask('watches.start', 'w', { area: 'leeds' }),
        create('a'),
        ask('jobs.create', 'c', { title: 'Elsewhere', area: 'york' }),
        ask('jobs.attach', 'a', { text }),
        ask('watches.seal', 'w', { needs: [sha256Hex(utf8(text))] }),
      );
      expect([started!.outcome, sealed!.outcome]).toEqual(['accepted', 'accepted']);
      expect((await ledger.stream(PLANT, 'watch', uuid('w')))!.state).toMatchObject({ entries: 3, leaves: 3 });
      const inside = await ledger.load(PLANT, eventsOfShift(uuid('w')));
      expect(inside.map(({ seq }) => seq)).toEqual([2, 3, 5, 6]);
      expect(inside.every(({ shift }) => shift === uuid('w'))).toBe(true);
      const leaves = await ledger.load(PLANT, leavesOfShift(uuid('w')));
      expect(leaves.map(({ seq, leaf }) => [seq, parseLeaf(leaf).seq])).toEqual([
        [2, 2],
        [3, 3],
        [5, 5],
        [6, 6],
      ]);
      await perform(ledger, ask('watches.log', 'w', { text: 'Too late' }));
      expect((await ledger.events(PLANT, 6, 1))[0]).toMatchObject({ shift: uuid('w'), body: { late: true } });
    });

    test('[L10] what an event attests is signed by the seal key and kept beside it', async () => {
      await transact(ask('watches.start', 'w', { area: 'leeds' }), ask('watches.seal', 'w'));
      const kept = (await ledger.attestation(PLANT, 2))!;
      expect(kept).toMatchObject({ namespace: 'watch@operary', text: 'The watch ends after 1 entries.\n' });
      const { publicKey } = parseSshsig(kept.signature);
      const claim = { armor: kept.signature, namespace: kept.namespace, publicKey };
      expect(verifySshsig({ ...claim, message: utf8(kept.text) })).toBe(true);
      expect(verifySshsig({ ...claim, message: utf8(`${kept.text} `) })).toBe(false);
      expect(await ledger.attestation(PLANT, 1)).toBeUndefined();
    });

    test('[L2] files are kept under their hash, put or recorded, once', async () => {
      const bytes = utf8('evidence');
      const name = sha256Hex(bytes);
      await ledger.putFile(PLANT, name, bytes);
      await ledger.putFile(PLANT, name, bytes);
      await transact(
        create('a'),
        ask('jobs.attach', 'a', { text: 'words' }),
        ask('jobs.attach', 'a', { text: 'evidence' }),
      );
      expect(new Uint8Array((await ledger.file(PLANT, name))!)).toEqual(bytes);
      const words = sha256Hex(utf8('words'));
      expect(await ledger.load(PLANT, filesAmong([words, 'f'.repeat(64), name]))).toEqual([words, name]);
      expect(await ledger.file(OTHER_PLANT, name)).toBeUndefined();
    });

    test('[L9] free text stands in the leaf as a commitment; salt and value lie beside it and fit', async () => {
      await perform(ledger, ask('jobs.create', 'a', { title: 'Geheim', area: 'leeds', reason: 'Because' }));
      const { leaf } = (await ledger.leaves(PLANT, 1, 1))[0]!;
      expect(Buffer.from(leaf).toString()).not.toMatch(/Geheim|Because/);
      const { body } = parseLeaf(leaf);
      const disclosures = await ledger.disclosures(PLANT, [1]);
      expect(commitmentsIn(body).map(({ path }) => path)).toEqual(['/reason', '/title']);
      const [event] = await ledger.events(PLANT, 0, 1);
      expect(discloseBody(body, disclosures)).toEqual(event!.body);
    });

    test('[L8] every commit has a checkpoint that verifies and is consistent with all before it', async () => {
      const notes: string[] = [];
      for (let i = 0; i < 9; i++) {
        await transact(...Array.from({ length: 1 + (i % 4) }, (_, j) => create(`job ${i}/${j}`)));
        notes.push((await ledger.checkpoint(PLANT))!);
      }
      const heads = notes.map((note) => openCheckpoint(note, open_.logKey(PLANT)));
      expect(heads.at(-1)!.size).toBe(await ledger.head(PLANT));
      for (const [i, to] of heads.entries()) {
        for (const from of heads.slice(0, i + 1)) {
          const proof = await ledger.consistency(PLANT, from.size, to.size);
          expect(verifyConsistency(from.size, to.size, from.root, to.root, proof)).toBe(true);
        }
        expect(await ledger.checkpoint(PLANT, to.size)).toBe(notes[i]);
      }
      expect(await ledger.checkpoint(PLANT, heads[0]!.size + 1)).toBe(notes[1]);
      expect(await ledger.checkpoint(PLANT, heads.at(-1)!.size + 1)).toBeUndefined();
    });

    test('[L9] every entry is proven to be in the tree of the last checkpoint', async () => {
      await transact(...Array.from({ length: 21 }, (_, i) => create(`job ${i}`)));
      const { size, root } = openCheckpoint((await ledger.checkpoint(PLANT))!, open_.logKey(PLANT));
      for (const { seq, leaf } of await ledger.leaves(PLANT, 1, size)) {
        const proof = await ledger.inclusion(PLANT, seq, size);
        expect(verifyInclusion(seq - 1, size, leafHash(leaf), proof, root)).toBe(true);
      }
      const { leaf } = (await ledger.leaves(PLANT, 8, 8))[0]!;
      expect(await ledger.node(PLANT, 0, 7)).toEqual(leafHash(leaf));
      const nodes: NodeReader = open_.store.committed.nodes(PLANT);
      expect(() => nodes.node(9, 0)).toThrow();
    });

    test('[L14] two organisations have ledgers, numbers, logs and command ids of their own', async () => {
      const same = create('a');
      const [mine, theirs] = await transact(same, {
        ...same,
        org: OTHER_PLANT,
        caller: { ...same.caller, org: OTHER_PLANT },
      });
      expect([mine!.outcome, theirs!.outcome]).toEqual(['accepted', 'accepted']);
      await transact(ask('jobs.note', 'a', { text: 'Mine' }), create('b'));
      expect(await ledger.head(OTHER_PLANT)).toBe(1);
      expect(await ledger.load(OTHER_PLANT, select('jobs'))).toHaveLength(1);
      expect(await ledger.load(OTHER_PLANT, select('job_notes'))).toEqual([]);
      expect(await ledger.stream(OTHER_PLANT, 'job', uuid('b'))).toBeUndefined();
      expect((await ledger.stream(OTHER_PLANT, 'job', 1))!.seq).toBe(1);
      expect(await ledger.stream(OTHER_PLANT, 'job', 2)).toBeUndefined();
      expect(await ledger.events(OTHER_PLANT, 0, 10)).toHaveLength(1);
      expect(await ledger.organisations()).toEqual([PLANT, OTHER_PLANT]);
      const { origin } = openCheckpoint((await ledger.checkpoint(OTHER_PLANT))!, open_.logKey(OTHER_PLANT));
      expect(origin).toMatch(new RegExp(`/${OTHER_PLANT}$`));
      expect(await ledger.head(uuid('nobody'))).toBe(0);
      expect(await ledger.load(uuid('nobody'), select('jobs'))).toEqual([]);
    });

    test('[L13] closing drains what waits, and turns away what comes after', async () => {
      const answers = Array.from({ length: 100 }, (_, i) => perform(ledger, create(`job ${i}`)));
      const closed = ledger.close();
      await expect(transact(create('late'))).rejects.toThrow('The ledger is closed.');
      await closed;
      expect((await Promise.all(answers)).every(({ outcome }) => outcome === 'accepted')).toBe(true);
    });
  });
}
