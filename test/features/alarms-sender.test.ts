/** What senders say beside "on" and "off": acknowledged at the machine, worth a line, known before. */
import { describe, expect, test } from 'vitest';
import { ana, scada } from '../kit/people.ts';
import { after, aPlantAtNight, occurrencesOf, signals, tasksOf, until } from '../kit/signals.ts';

const level = signals('LS-3110', { priority: 'P2' });

describe('acknowledged at the machine', () => {
  test('is on record and shown, and takes nothing from people: alarm and task wait for them', async () => {
    const plant = await aPlantAtNight(level.on(after(0)), level.acked(after(60)), level.acked(after(70)));
    expect(await level.told(plant)).toEqual(['activated', 'acknowledged_at_machine']);
    expect(await level.state(plant)).toMatchObject({ status: 'UNACK', ackedAtMachine: after(60) });
    expect((await tasksOf(plant)).map(({ status }) => status)).toEqual(['assigned']);
  });
  test('belongs to the activation that it was said of', async () => {
    const plant = await aPlantAtNight(
      level.on(after(0)),
      level.acked(after(60)),
      level.off(after(100)),
      level.on(after(300)),
    );
    expect(await level.state(plant)).toMatchObject({ ackedAtMachine: null });
  });
  test('of what is not active is no news', async () => {
    const plant = await aPlantAtNight(level.on(after(0)), level.off(after(50)), level.acked(after(60)));
    expect(await level.told(plant)).toEqual(['activated', 'cleared']);
  });
});

describe('worth a line', () => {
  test('is on record without an episode, a task or a change of the condition', async () => {
    const plant = await aPlantAtNight(level.info(after(0), { title: 'Pump 3 was started' }));
    const [noted] = await plant.history(level);
    expect(noted).toMatchObject({
      type: 'alarm.noted',
      body: { title: 'Pump 3 was started', area: 'leeds/packaging' },
    });
    expect(await level.state(plant)).toMatchObject({ status: 'NORM', occurrence: null, title: 'Pump 3 was started' });
    expect(await tasksOf(plant)).toEqual([]);
    expect(await occurrencesOf(plant)).toEqual([]);
  });
  test('is written once, and says nothing about an alarm that is active', async () => {
    const plant = await aPlantAtNight(
      level.on(after(0)),
      level.info(after(10), { title: 'Something else' }),
      level.info(after(10), { title: 'Something else' }),
    );
    expect(await level.told(plant)).toEqual(['activated', 'noted']);
    expect(await level.state(plant)).toMatchObject({ status: 'UNACK', title: 'LS-3110 high' });
  });
});

describe('known before', () => {
  test('the condition follows, and nobody is asked, not when a shelving ends either', async () => {
    const plant = await aPlantAtNight(
      level.on(after(0), { quiet: true }),
      level.shelve({ until: after(600), reason: 'Known.' }).by(ana),
      until(after(700)),
    );
    expect(await level.told(plant)).toEqual(['activated (quiet)', 'shelved', 'unshelved']);
    expect(await level.state(plant)).toMatchObject({ status: 'UNACK', announcedAt: null, held: { by: 'quiet' } });
    expect(await tasksOf(plant)).toEqual([]);
  });
  test('coming again in earnest it asks', async () => {
    const plant = await aPlantAtNight(
      level.on(after(0), { quiet: true, occurrenceKey: 'a' }),
      level.on(after(60), { occurrenceKey: 'b' }),
    );
    expect(await level.told(plant)).toEqual(['activated (quiet)', 'reactivated']);
  });
});

test('a delivery tells why its alarm made no task', async () => {
  const plant = await aPlantAtNight();
  const received = await plant.deliver(scada, { condition: 'LS-9', title: 'Level high', severity: 'warning' });
  const { deliveryId } = received as { deliveryId: string };
  const { feature, id, state } = {
    feature: plant.register.byName.get('deliveries')!,
    id: deliveryId,
    state: await plant.state({ kind: 'delivery', id: deliveryId }),
  };
  const told = (await feature.details!(state, id, (read) => plant.ledger.load(ana.org, read), {
    now: plant.now(),
  })) as {
    stages: { tasks: string };
    recorded: readonly { held?: string }[];
  };
  const rule = `On-delay of 15 s for P3, until ${after(15)}`;
  expect(told.recorded).toMatchObject([{ kind: 'activated', held: rule }]);
  expect(told.stages.tasks).toBe(`none: held. ${rule}`);
});
