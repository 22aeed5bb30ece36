/** Planned shifts, hourly checks and the clock's seals over two days, stopped and begun again anywhere: the same as without a stop. */
import type { Logger } from 'pino';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { carryOut } from '../../server/followers/policies.ts';
import { askDue } from '../../server/followers/timers.ts';
import { area, schedule, shift } from '../kit/ask.ts';
import { anOrganisation, PACKAGING } from '../kit/given.ts';
import { useNativeCrypto } from '../kit/native-crypto.ts';
import { ana, ORG, root } from '../kit/people.ts';
import { createPlant, NIGHT_BEGINS } from '../kit/plant.ts';
import '../kit/seed.ts';

useNativeCrypto();
const STEP = 15;
const STEPS = (48 * 60) / STEP;
const silent = { warn: () => undefined } as unknown as Logger;

/** `stops`: steps after which clock and policies begin anew and hear everything once more. */
async function twoDays(stops: ReadonlySet<number>) {
  const plant = await createPlant().run(
    anOrganisation(),
    shift('by-hand').create({ area: PACKAGING, from: NIGHT_BEGINS, to: '2026-11-21T06:00:00Z' }).by(ana),
  );
  const began = () => ({
    tick: askDue(plant.ledger, plant.register, () => Date.parse(plant.now()), silent),
    hear: carryOut(plant.ledger, plant.register, silent),
    heard: 0,
  });
  let host = began();
  const settle = async () => {
    for (;;) {
      const events = await plant.ledger.events(ORG, host.heard, 200);
      // One at a time: a stop may fall between any two.
      for (const event of events) {
        await host.hear([event], new AbortController().signal);
        host.heard = event.seq;
      }
      if (!events.length && (await host.tick()) === 0) return;
    }
  };
  await plant.ledger.transact(
    [
      area('packaging').plan({ autoplan: true }).by(root),
      schedule('readings')
        .create({ title: 'Read the pasteuriser', area: PACKAGING, rule: { every: 'hour-of-shift' } })
        .by(ana),
      schedule('rounds')
        .create({ title: 'Walk the line', area: PACKAGING, rule: { cron: '40 */5 * * *' } })
        .by(ana),
      shift('by-hand').start().by(ana),
    ].map((said) => plant.command(said)),
  );
  for (let step = 0; step < STEPS; step++) {
    await settle();
    if (stops.has(step)) host = began();
    plant.pass(STEP);
  }
  await settle();
  return (await plant.events()).map(({ type, subject, shift: of, occurredAt, body }) => ({
    ...{ type, subject, of, occurredAt, body },
  }));
}

test('[L4] a restart at any point neither forgets nor repeats', async () => {
  const straight = await twoDays(new Set());
  const count = (type: string) => straight.filter((event) => event.type === type).length;
  expect(count('schedule.fired')).toBeGreaterThan(15);
  expect([count('shift.sealed'), count('shift.lapsed') > 2]).toEqual([1, true]);
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 0, max: STEPS - 1 }), { minLength: 1, maxLength: 3 }),
      async (stops) => {
        expect(await twoDays(new Set(stops))).toEqual(straight);
      },
    ),
    { numRuns: 5 },
  );
});
