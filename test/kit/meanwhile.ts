/** A night that is sealed while Marek's phone is in the cellar, what the phone brings then, and the notes of the shift. */
import type { Bundle } from '../../plugin/surroundings.ts';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import { shifts } from '../../shared/features/shifts/index.ts';
import type { Asked } from './ask.ts';
import { aNightShift, anOrganisation, minutes, NIGHT, night } from './given.ts';
import { handedOver } from './handover.ts';
import { bring, device, type How } from './made.ts';
import { marek, tom } from './people.ts';
import { createPlant, type Plant, type Step } from './plant.ts';
import { around, replicaOf } from './vault-of.ts';

export const shiftOf = (plant: Plant, of = night): Promise<ShiftState> => plant.state<ShiftState>(of);

/** The phone had seen everything up to `seen`; what Marek entered was made at `made`. */
export async function sealedMeanwhile(...steps: readonly Step[]) {
  const plant = await createPlant().run(anOrganisation(), aNightShift(), ...steps, minutes(60));
  const seen = await plant.head();
  await plant.run(minutes(30), handedOver(), night.seal().by(tom), minutes(30));
  const phone = device('phone');
  const brings = (asked: Asked, how?: How) => bring(plant, phone.observed(seen).does(asked, how).by(marek));
  return { plant, seen, phone, brings, made: new Date(Date.parse(NIGHT.from) + 70 * 60_000).toISOString() };
}

export async function heldShift(plant: Plant, of = night) {
  const replica = await replicaOf(plant);
  return { replica, held: replica.all('shift').find(({ id }) => id === of.id)! };
}

/** The live one first, the addendum last. */
export async function notesOf(plant: Plant, of = night, bundles?: ReadonlyMap<string, Bundle>) {
  const { replica, held } = await heldShift(plant, of);
  return shifts.note!.write(held.state, held, around(replica, bundles));
}
