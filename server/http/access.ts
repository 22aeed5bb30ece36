/** Who may see what, by the one table of roles: a stream, a list of streams. Events are the feed's question. */
import type { Caller } from '../../shared/kernel/command.ts';
import type { Feature } from '../../shared/kernel/feature.ts';
import type { Stream } from '../../shared/kernel/ledger.ts';
import { refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { forbids, mayAtAll } from '../../shared/kernel/roles.ts';

/** Whether the role's row reaches this feature in any way; what of it, is asked for each stream. */
export function refusesReader(caller: Caller, feature: Feature): Refusal | undefined {
  if (mayAtAll(caller, feature.readers) || (feature.archive && mayAtAll(caller, feature.archive.permission)))
    return undefined;
  if (feature.owner && caller.kind === 'user') return undefined;
  return forbids(caller, feature.readers, {});
}

export function mayRead(caller: Caller, feature: Feature, state: unknown): boolean {
  const concern = { area: feature.areaOf(state) };
  if (!forbids(caller, feature.readers, concern)) return true;
  if (caller.kind === 'user' && feature.owner?.(state) === caller.id) return true;
  const { archive } = feature;
  return archive !== undefined && archive.holds(state) && !forbids(caller, archive.permission, concern);
}

/** The stream if this caller may see it. Out of sight is answered like not there. */
export function sightOf(caller: Caller, feature: Feature, stream: Stream | undefined): Stream | Refusal {
  const refused = refusesReader(caller, feature);
  if (refused) return refused;
  return stream && mayRead(caller, feature, stream.state) ? stream : notThere(feature);
}

export const notThere = (feature: Feature): Refusal =>
  refuse('not-found', `There is no ${feature.kind} with this id that you may see.`);
