/** The device's copy of a room: one Yjs document with one text, changed by small edits and by what others send. */
import * as Y from 'yjs';
import { sha256HexOfText } from '../../shared/kernel/bytes.ts';
import type { TextEdit } from '../../shared/sync/text-merge.ts';
import { ROOT } from '../../shared/sync/room-words.ts';

export interface TextDoc {
  text(): string;
  state(): Uint8Array;
  vector(): Uint8Array;
  /** Answers what others need to do the same. */
  edit(edits: readonly TextEdit[]): Uint8Array;
  /** Throws when this document cannot be trusted any more: get a new one. */
  apply(update: Uint8Array): void;
}

/** Throws when the state is damaged. */
export function createTextDoc(state?: Uint8Array): TextDoc {
  const doc = new Y.Doc();
  const root = doc.getText(ROOT);
  let text: string | undefined;
  const apply = (update: Uint8Array): void => {
    Y.applyUpdate(doc, update);
    if (doc.store.pendingStructs ?? doc.store.pendingDs) throw new Error('The update builds on text that is not here.');
  };
  root.observe(() => (text = undefined));
  if (state) apply(state);
  return {
    text: () => (text ??= root.toJSON()),
    state: () => Y.encodeStateAsUpdate(doc),
    vector: () => Y.encodeStateVector(doc),
    edit(edits) {
      let made: Uint8Array | undefined;
      const hear = (update: Uint8Array): void => {
        made = update;
      };
      const { clientID } = doc;
      const first = doc.store.clients.size === 0 ? edits.map(({ insert }) => insert).join('') : '';
      // Two devices that bring the same text into an empty room bring the very same thing: it is there once.
      if (first) doc.clientID = numberOf(first);
      doc.on('update', hear);
      doc.transact(() => {
        for (const { at, remove, insert } of [...edits].reverse()) {
          if (remove) root.delete(at, remove);
          if (insert) root.insert(at, insert);
        }
      });
      doc.off('update', hear);
      doc.clientID = clientID;
      return made ?? Y.encodeStateAsUpdate(doc);
    },
    apply,
  };
}

/** What of it somebody with this state vector lacks. */
export const lacking = (state: Uint8Array, vector: Uint8Array): Uint8Array => Y.diffUpdate(state, vector);

export const joined = (updates: readonly Uint8Array[]): Uint8Array =>
  updates.length === 1 ? updates[0]! : Y.mergeUpdates([...updates]);

const numberOf = (text: string): number => parseInt(sha256HexOfText(text).slice(0, 8), 16);
