/** The notes of a plant as a device writes them: its own replica and notebook, on a vault in memory. */
import { createNotebook } from '../../plugin/notes/notebook.ts';
import { createReplica, type Replica } from '../../plugin/replica.ts';
import { createScribe } from '../../plugin/scribe.ts';
import { organisationIn, surroundings, type Bundle } from '../../plugin/surroundings.ts';
import type { Surroundings } from '../../shared/kernel/note.ts';
import { memoryMemory, memoryVault } from './memory-vault.ts';
import { ORG } from './people.ts';
import type { Plant } from './plant.ts';

export async function replicaOf(plant: Plant): Promise<Replica> {
  const replica = createReplica(plant.register);
  replica.apply(await plant.events());
  return replica;
}

export const around = (replica: Replica, bundles: ReadonlyMap<string, Bundle> = new Map()): Surroundings =>
  surroundings(replica, organisationIn(replica, ORG), bundles).around;

export async function bookOf(plant: Plant) {
  const [files, replica] = [memoryVault(), await replicaOf(plant)];
  const notebook = createNotebook({
    files,
    memory: memoryMemory(),
    breathe: () => Promise.resolve(),
    now: () => 0,
    person: { edited: () => Promise.resolve(), tell: () => undefined, needs: () => undefined },
  });
  const scribe = createScribe({ replica, notebook, breathe: () => Promise.resolve(), bundles: new Map() });
  scribe.begin(ORG, await plant.head());
  await scribe.writeCurrent();
  await scribe.writeRest();
  await notebook.idle();
  return { files, replica, notebook, scribe };
}

export const vaultOf = async (plant: Plant): Promise<ReadonlyMap<string, string>> => (await bookOf(plant)).files.texts;
