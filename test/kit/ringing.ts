/** People who can be rung, a plant with a night shift, and somebody on loopback who hears it: made anew for each test. */
import { afterEach, beforeEach } from 'vitest';
import { contactId } from '../../shared/features/contacts/contract.ts';
import { contact, task } from './ask.ts';
import { aNightShift, anOrganisation, PACKAGING } from './given.ts';
import { outwards, type Outwards, type OutwardsOptions } from './outwards.ts';
import { ana, type Person } from './people.ts';
import { createPlant, type Plant } from './plant.ts';
import { aReceiver, type Receiver } from './receiver.ts';

export type Channels = NonNullable<Parameters<ReturnType<typeof contact>['set']>[0]>['channels'];

export const contactOf = (person: Person) => contact(contactId(person.id));

export interface Ringing {
  receiver: Receiver;
  plant: Plant;
  out: Outwards;
}

export function useRinging() {
  const ring = {} as Ringing;
  const begin = (options: OutwardsOptions = {}): void => void (ring.out = outwards(ring.plant, options));
  beforeEach(async () => {
    ring.receiver = await aReceiver();
    ring.plant = await createPlant().run(anOrganisation(), aNightShift());
    begin();
  });
  afterEach(async () => {
    await ring.out.close();
    await ring.receiver.close();
  });
  return {
    ring,
    begin,
    push: (topic: string): Channels[number] => ({ kind: 'ntfy', address: `${ring.receiver.url}/${topic}` }),
    reach: (person: Person, channels: Channels, more: object = {}) =>
      ring.plant.must(
        contactOf(person)
          .set({ channels, ...more })
          .by(person),
      ),
    /** Ana gives a new task to somebody. */
    give: (title: string, to: Person | { readonly role: 'maintenance_engineer' }, more: object = {}) =>
      ring.plant.must(
        task(title)
          .create({ title, area: PACKAGING, assignee: 'name' in to ? { user: to.id } : to, ...more })
          .by(ana),
      ),
    /** Who was rung since it was asked last: `topic: title`. */
    rung: () => ring.receiver.got.splice(0).map(({ path, headers }) => `${path.slice(1)}: ${headers['title']}`),
    /** What is on record of it. */
    noticed: async () =>
      (await ring.plant.events())
        .filter(({ type }) => type.startsWith('notice.'))
        .map(({ type, body }) => ({ type, ...(body as object) })),
  };
}
