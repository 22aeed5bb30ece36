/** An entry of the log has at most 60,000 bytes (leaf v1): the largest input that each schema takes must fit, or it would be a fault. */
import { expect, test } from 'vitest';
import { conditionId } from '../../shared/features/alarms/contract.ts';
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import { MAX_LEAF_BYTES } from '../../shared/proof/leaf.ts';
import { alarm, area, asking, integration, shift, task, token, user, type Asked } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, NIGHT, night, pump } from '../kit/given.ts';
import { ana, ben, marek, ORG, root, scada, type Person } from '../kit/people.ts';
import { createPlant, type Step } from '../kit/plant.ts';

/** Three bytes of UTF-8 for each UTF-16 unit: nothing takes more. */
const wide = (length: number) => '€'.repeat(length);
const longArea = 'a'.repeat(200);
const areas = Array.from({ length: 50 }, (_, n) => `${'a'.repeat(197)}${n + 100}`);
const secret = { minted: { tokenHash: 'e'.repeat(64) } };
const photo = utf8('photo');
const stored: Step = (plant) => plant.ledger.putFile(ORG, sha256Hex(photo), photo);
const level = conditionId(ORG, scada.id, 'level');
const transition = {
  ...{
    conditionKey: wide(400),
    occurrenceKey: wide(400),
    messageKey: wide(400),
    kind: 'active' as const,
    clearCause: null,
  },
  ...{ severity: wide(60), priority: 'P1' as const, class: 'maintenance' as const, at: NIGHT.from, value: wide(200) },
  ...{ area: longArea, equipment: longArea, title: wide(300), text: wide(4000), unit: wide(40) },
  links: Array.from({ length: 10 }, () => wide(1000)),
};
const link = { kind: wide(40), id: wide(200), rel: 'external' as const };

const LARGEST: Readonly<Record<string, readonly [Asked, Person, ...Step[]]>> = {
  'a person with fifty areas': [user('u').add({ name: wide(120), role: 'operator', areas }), root],
  'a token for fifty areas': [token('k').create({ role: 'operator', user: ben.id, areas }, secret), root],
  'an area with eight shifts': [
    area('x').create({
      path: longArea,
      name: wide(120),
      shifts: Array.from({ length: 8 }, () => ({ name: wide(40), from: '06:00', to: '14:00' })),
    }),
    root,
  ],
  'an integration': [integration('i').create({ kind: 'generic', name: wide(120), area: longArea }, secret), root],
  'a task with twenty links': [
    task('t').create({
      title: wide(300),
      area: longArea,
      description: wide(8000),
      equipment: wide(200),
      assignee: { user: marek.id },
      upstream: Array.from({ length: 20 }, () => link),
    }),
    ana,
  ],
  'a completion with fifty files': [
    pump.complete({
      note: wide(8000),
      reason: wide(2000),
      overrideReason: wide(2000),
      evidence: Array.from({ length: 50 }, () => sha256Hex(photo)),
    }),
    marek,
    aTask('in_progress'),
    stored,
  ],
  'a shift with a crew of two hundred': [
    shift('s').start({
      crew: Array.from({ length: 200 }, () => ({ user: marek.id, role: 'maintenance_engineer' as const })),
    }),
    ana,
    shift('s').create(NIGHT).by(ana),
  ],
  'a log entry': [night.log({ text: wide(8000), equipment: wide(200), reason: wide(2000) }), ben, aNightShift()],
  'a report of a problem': [alarm('r').report({ text: wide(2000), area: longArea, equipment: longArea }), ben],
  'an alarm': [alarm(level).observe({ integration: scada.id, delivery: task('d').id, transition }), scada],
  'a delivery with twenty warnings': [
    asking(
      'deliveries.receive',
      { kind: 'delivery', id: task('d').id },
      {
        ...{
          integration: scada.id,
          sha256: sha256Hex(photo),
          bytes: 1,
          contentType: wide(200),
          area: longArea,
          transitions: 0,
        },
        warnings: Array.from({ length: 20 }, () => wide(500)),
        conditions: [],
      },
    ),
    scada,
  ],
};

for (const [what, [ask, whom, ...steps]] of Object.entries(LARGEST))
  test(`[L9] ${what} fits into an entry at its largest`, async () => {
    const plant = await createPlant().run(anOrganisation(), ...steps);
    const { seqs } = await plant.must(ask.by(whom));
    expect(seqs.length).toBeGreaterThan(0);
    for (const { leaf } of await plant.ledger.leaves(ORG, seqs[0]!, await plant.head()))
      expect(leaf.length).toBeLessThanOrEqual(MAX_LEAF_BYTES);
    expect(plant.refusedWishes).toEqual([]);
  });
