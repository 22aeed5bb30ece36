/** Who may open the people's text of an item: whoever may read the item, and write in its text. Asked for a ticket, a socket, a heartbeat, a batch. */
import type { Caller } from '../../shared/kernel/command.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import type { Register } from '../../shared/kernel/register.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { forbids } from '../../shared/kernel/roles.ts';
import { sightOf } from './access.ts';

/** Undefined when allowed. Out of sight is answered like not there. To read along, without a socket, takes no more than reading the item. */
export async function forbidsDoc(
  { ledger, register }: { readonly ledger: Ledger; readonly register: Register },
  caller: Caller,
  entity: string,
  isReading = false,
): Promise<Refusal | undefined> {
  for (const feature of register.features) {
    if (!feature.prose) continue;
    const stream = await ledger.stream(caller.org, feature.kind, entity);
    if (!stream) continue;
    const seen = sightOf(caller, feature, stream);
    if (isRefusal(seen)) return seen;
    return isReading ? undefined : forbids(caller, feature.prose.permission, { area: feature.areaOf(stream.state) });
  }
  return NOT_THERE;
}

export const NOT_THERE = refuse('not-found', 'There is no item with a text of this id that you may see.');
