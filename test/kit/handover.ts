/** The end of the night shift, told once: closed, signed with every task decided, accepted by Tom, sealed. */
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import type { Row } from '../../shared/kernel/read.ts';
import { tasksToDoIn } from '../../shared/features/tasks/contract.ts';
import { aNightShift, anOrganisation, night, PACKAGING } from './given.ts';
import { ana, ORG, tom } from './people.ts';
import { createPlant, type Plant, type Step } from './plant.ts';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';

/** From active or closing to handed over; every open task goes on. */
export const handedOver = (): Step => async (plant) => {
  const { status } = await plant.state<ShiftState>(night);
  if (status === 'active') await plant.must(night.close().by(ana));
  const todo: readonly Row<TaskState>[] = await plant.ledger.load(ORG, tasksToDoIn(PACKAGING));
  const decisions = todo.map(({ key }) => ({ task: key, decision: 'continue' as const }));
  await plant.must(night.sign({ decisions }).by(ana));
  const { signature } = await plant.state<ShiftState>(night);
  await plant.must(night.accept({ criticalItems: [...signature!.criticalItems] }).by(tom));
};

export const sealedNight = async (...steps: readonly Step[]): Promise<Plant> =>
  createPlant().run(anOrganisation(), aNightShift(), ...steps, handedOver(), night.seal().by(tom));
