/** A plant to which senders deliver, and what it holds then. */
import type { ConditionState } from '../../shared/features/alarms/contract.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import type { Received } from '../../server/ingest/receive.ts';
import { select, type Row } from '../../shared/kernel/read.ts';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import { recording } from './fixtures.ts';
import { aMinute, anOrganisation } from './given.ts';
import { monitoring, ORG, type Person } from './people.ts';
import { createPlant, type Plant, type Step } from './plant.ts';

export const aPlant = (...steps: readonly Step[]) => createPlant().run(anOrganisation(), ...steps);
export const rows = <S>(plant: Plant, table: string): Promise<readonly Row<S>[]> =>
  plant.ledger.load(ORG, select<S>(table, { order: 'oldest' }));
export const tasks = (plant: Plant) => rows<TaskState>(plant, 'tasks');
export const conditions = (plant: Plant) => rows<ConditionState>(plant, 'alarms');

export async function send(plant: Plant, name: string, to: Person = monitoring): Promise<Received> {
  const { headers, body } = recording(name);
  const received = await plant.deliver(to, body, headers);
  if (isRefusal(received)) throw new Error(received.detail);
  return received;
}

/** What one message brings: how it is answered, and the tasks that there are a minute later. */
export async function after(plant: Plant, name: string, to?: Person) {
  const { status, results } = await send(plant, name, to);
  await plant.run(aMinute);
  return [status, results.map((one) => one.status).join(' '), (await tasks(plant)).length];
}
