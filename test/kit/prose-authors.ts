/** Whose words a room holds. */
import * as Y from 'yjs';
import { ROOT } from '../../shared/sync/room-words.ts';
import { ENTITY, ORG, type Relay } from './prose-devices.ts';

/** Everything that was ever written in the room, by whose it is, in the order of the text; what was deleted too. */
export function byAuthor({ store, rooms }: Relay, entity = ENTITY): Readonly<Record<string, string>> {
  rooms.photograph(ORG, entity);
  const { updates, clients } = store.read(ORG, entity)!;
  const doc = new Y.Doc({ gc: false });
  for (const update of updates) Y.applyUpdate(doc, update);
  const found: Record<string, string> = {};
  for (let item = doc.getText(ROOT)._start; item; item = item.right) {
    const { user } = clients.get(item.id.client)!;
    if (item.content instanceof Y.ContentString) found[user] = (found[user] ?? '') + item.content.str;
  }
  return found;
}
