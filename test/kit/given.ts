/** `given(anOrganisation(), …).when(task('pump').start(), by(marek)).then('task.started')`: a story at the real door, told in one breath. */
import { expect } from 'vitest';
import type { FeedEvent } from '../../shared/kernel/ledger.ts';
import type { Refusal, RefusalCode } from '../../shared/kernel/refusal.ts';
import { area, integration, organisation, shift, task, user, type Asked } from './ask.ts';
import { ana, ben, dana, host, marek, monitoring, ORG, PEOPLE, scada, type Person } from './people.ts';
import { createPlant, type Accepted, type Plant, type Step } from './plant.ts';
import { publicKeysOf } from './test-signer.ts';

export const PACKAGING = 'leeds/packaging';
export const LINE_3 = 'leeds/packaging/line-3';

export const by = (person: Person): Person => person;

interface Expected {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** Events that the command itself recorded, then whatever else there is to check. */
type Look = (plant: Plant, events: readonly FeedEvent[]) => unknown;

export function given(...steps: readonly Step[]) {
  return {
    when: (asked: Asked, person: Person) => ({
      /** Exactly these events, each as a name or with the members that matter. */
      async then(...expected: readonly (string | Expected | Look)[]): Promise<Plant> {
        const plant = await createPlant().run(...steps);
        const outcome = await plant.ask(asked.by(person));
        if (outcome.outcome === 'rejected') throw new Error(`${outcome.refusal.refused}: ${outcome.refusal.detail}`);
        const events = await recorded(plant, outcome);
        const wanted = expected.flatMap((one) =>
          typeof one === 'function' ? [] : [typeof one === 'string' ? { type: one } : one],
        );
        expect(events.map(({ type }) => type)).toEqual(wanted.map(({ type }) => type));
        expect(events).toMatchObject(wanted);
        await plant.settle();
        for (const look of expected) if (typeof look === 'function') await look(plant, events);
        return plant;
      },
      /** Refused with this code, and nothing recorded; `witnessed` where the attempt itself is an event. */
      refused: (code: RefusalCode, look?: (refusal: Refusal, plant: Plant) => unknown) =>
        refused(steps, asked, person, code, 0, look),
      witnessed: (code: RefusalCode, look?: (refusal: Refusal, plant: Plant) => unknown) =>
        refused(steps, asked, person, code, 1, look),
    }),
  };
}

async function refused(
  steps: readonly Step[],
  asked: Asked,
  person: Person,
  code: RefusalCode,
  leaves: number,
  look?: (refusal: Refusal, plant: Plant) => unknown,
): Promise<Plant> {
  const plant = await createPlant().run(...steps);
  const head = await plant.head();
  const outcome = await plant.ask(asked.by(person));
  if (outcome.outcome !== 'rejected') throw new Error(`${asked.type} was ${outcome.outcome}, not refused.`);
  expect(outcome.refusal.refused).toBe(code);
  // Bad input is told field by field; every other no is a sentence for the person who asked.
  if (code !== 'invalid-input') expect(outcome.refusal.detail).toMatch(/^[A-Z\d].{15,}[.]$/su);
  expect(await plant.head()).toBe(head + leaves);
  await look?.(outcome.refusal, plant);
  return plant;
}

const recorded = async (plant: Plant, { seqs }: Accepted): Promise<readonly FeedEvent[]> =>
  (await plant.events()).filter(({ seq }) => seqs.includes(seq));

/** Everybody of `people.ts`, two areas, a SCADA of line 3 and a monitoring system for the whole site. */
export const anOrganisation = (): Step => async (plant) => {
  const more = (secret: string) => ({ minted: { tokenHash: secret.repeat(64) } });
  const wishes = [
    organisation(ORG).create({ slug: 'leeds', name: 'Leeds Dairy', zone: 'Europe/London', keys: publicKeysOf(ORG) }),
    ...PEOPLE.map(({ id, name, role }) => user(id).add({ name, role: role as 'operator' })),
    area('packaging').create({ path: PACKAGING, name: 'Packaging' }),
    area('utilities').create({ path: 'leeds/utilities', name: 'Utilities' }),
    integration(scada.id).create({ kind: 'generic', name: 'SCADA', area: PACKAGING }, more('a')),
    integration(monitoring.id).create({ kind: 'alertmanager', name: 'Monitoring' }, more('b')),
  ];
  const outcomes = await plant.ledger.transact(wishes.map((wish) => plant.command(wish.by(host))));
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(wishes.map(() => 'accepted'));
  await plant.settle();
};

export const NIGHT = {
  area: PACKAGING,
  from: '2026-11-20T22:00:00.000Z',
  to: '2026-11-21T06:00:00.000Z',
  name: 'Night',
} as const;
export const EARLY = {
  area: PACKAGING,
  from: '2026-11-21T06:00:00.000Z',
  to: '2026-11-21T14:00:00.000Z',
  name: 'Early',
} as const;

export const NIGHT_CREW = [
  { user: dana.id, role: 'line_lead' as const },
  { user: ben.id, role: 'operator' as const },
  { user: marek.id, role: 'maintenance_engineer' as const },
];

/** Ana leads the night shift of packaging with Dana, Ben and Marek on it. */
export const night = shift('night');
export const aNightShift = (): Step => (plant) =>
  plant.run(night.create(NIGHT).by(ana), night.start({ crew: NIGHT_CREW }).by(ana));

/** A maintenance task for Marek's role, brought to a status by the verbs that lead there. */
export const pump = task('pump');
type Made = Parameters<typeof pump.create>[0];
export const aTask =
  (status = 'open', made: Partial<NonNullable<Made>> = {}): Step =>
  (plant) =>
    plant.run(
      pump.create({ title: 'Pump 3 leaks', area: PACKAGING, ...made }).by(ana),
      ...wayTo(status, made.priority === 'P1' || made.priority === 'P2'),
    );

function wayTo(status: string, isUrgent: boolean): Step[] {
  const role = 'maintenance_engineer' as const;
  const way: (readonly [string, Step])[] = [
    ['open', async () => undefined],
    ['assigned', pump.assign({ assignee: { role } }).by(ana)],
    ['acknowledged', pump.acknowledge().by(marek)],
    ['in_progress', pump.start().by(marek)],
    ...(status === 'on_hold' ? [['on_hold', pump.hold({ reasonCode: 'waiting_parts' }).by(marek)] as const] : []),
    [isUrgent ? 'done' : 'closed', pump.complete({ note: 'New seal fitted.' }).by(marek)],
    ...(isUrgent ? [['closed', pump.verify().by(dana)] as const] : []),
  ];
  if (status === 'cancelled') return [pump.cancel({ reasonCode: 'not_needed' }).by(ana)];
  const at = way.findIndex(([reached]) => reached === status);
  if (at < 0) throw new Error(`No way leads to ${status}; done is for P1 and P2.`);
  return way.slice(0, at + 1).map(([, step]) => step);
}

/** Longer than any alarm waits by default before it asks for somebody. */
export const aMinute: Step = async (plant) => {
  plant.pass(1);
  await plant.settle();
};

/** Packaging's alarms ask at once, where waiting is not what the story is about. */
export const promptly = () =>
  area('packaging')
    .tune({ alarms: { onDelay: { P3: 0, P4: 0 } } })
    .by(host);

export const minutes =
  (many: number): Step =>
  async (plant) =>
    plant.pass(many);
