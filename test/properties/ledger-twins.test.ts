import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Command } from '../../shared/kernel/command.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import { eventsOfShift, select } from '../../shared/kernel/read.ts';
import { fsck } from '../../server/fsck/fsck.ts';
import {
  ask,
  diskLedger,
  ledgerFile,
  memoryLedger,
  OTHER_PLANT,
  PLANT,
  supervisor,
  temporaryFolder,
  uuid,
} from '../kit/ledger.ts';
import { toyRegister } from '../kit/toy-feature.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const name = fc.constantFrom(...NAMES);
const area = fc.constantFrom('leeds', 'leeds/packaging', 'york');
const words = fc.constantFrom('x', 'Seal worn', 'é%_', '');

const asked: fc.Arbitrary<[type: string, subject: string, input: object]> = fc.oneof(
  fc.tuple(fc.constant('jobs.create'), name, fc.record({ title: words, area })),
  fc.tuple(fc.constant('jobs.note'), name, fc.record({ text: words })),
  fc.tuple(fc.constant('jobs.split'), name, fc.record({ parts: fc.array(words, { maxLength: 3 }) })),
  fc.tuple(fc.constant('jobs.attach'), name, fc.record({ text: words })),
  fc.tuple(fc.constant('jobs.finish'), name, fc.record({ needs: fc.array(name.map(uuid), { maxLength: 2 }) })),
  fc.tuple(fc.constantFrom('jobs.explode', 'jobs.halfway', 'jobs.trespass'), name, fc.constant({})),
  fc.tuple(fc.constant('watches.start'), name, fc.record({ area })),
  fc.tuple(fc.constant('watches.seal'), name, fc.constant({})),
);

const command: fc.Arbitrary<Command> = fc
  .record({ asked, id: fc.integer({ min: 1, max: 60 }), elsewhere: fc.boolean(), keepRefusal: fc.boolean() })
  .map(({ asked: [type, subject, input], id, elsewhere, keepRefusal }) => {
    const org = elsewhere ? OTHER_PLANT : PLANT;
    return ask(type, subject, input, { org, caller: { ...supervisor, org }, name: `command ${id}`, keepRefusal });
  });

/** Each list is one call; those of a group wait together. */
const day = fc.array(fc.array(fc.array(command, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }), {
  maxLength: 12,
});

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

async function told(ledger: Ledger, calls: readonly (readonly (readonly Command[])[])[]): Promise<unknown> {
  const answers: unknown[] = [];
  for (const group of calls) {
    const settled = await Promise.allSettled(group.map((commands) => ledger.transact(commands)));
    answers.push(settled.map((answer) => (answer.status === 'fulfilled' ? answer.value : String(answer.reason))));
  }
  const seen: unknown[] = [];
  for (const org of [PLANT, OTHER_PLANT]) {
    for (const table of ['jobs', 'job_notes', 'watches', 'porches']) seen.push(await ledger.load(org, select(table)));
    for (const watch of NAMES) seen.push(await ledger.load(org, eventsOfShift(uuid(watch))));
    seen.push(await ledger.events(org, 0, 1000));
    for (const { seq } of await ledger.events(org, 0, 1000)) seen.push(await ledger.disclosures(org, [seq]));
    seen.push(await ledger.history(org, { kind: 'job', id: uuid('a') }), await ledger.stream(org, 'job', 1));
    seen.push((await ledger.leaves(org, 1, 1000)).map(({ leaf }) => Buffer.from(leaf).toString()));
  }
  return plain({ answers, seen });
}

test('[L3] seed 4711: the memory twin and SQLite give the same answers to any day, and SQLite’s file is clean after it', async () => {
  await fc.assert(
    fc.asyncProperty(day, async (calls) => {
      const memory = memoryLedger();
      const { folder, remove } = temporaryFolder();
      const disk = diskLedger(folder, { seed: 'random' });
      try {
        expect(await told(disk.ledger, calls)).toEqual(await told(memory.ledger, calls));
      } finally {
        await memory.close();
        await disk.close();
      }
      expect(fsck({ dataDir: folder, file: ledgerFile(folder), register: toyRegister() }).findings).toEqual([]);
      remove();
    }),
    { seed: 4711, numRuns: 60 },
  );
});
