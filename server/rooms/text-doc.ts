/** One Yjs document with one text. Keeps what was deleted (`gc: false`): it is evidence, and people's notes are small. */
import * as Y from 'yjs';
import { ROOT } from '../../shared/sync/room-words.ts';

export interface Change {
  readonly retain?: number | undefined;
  readonly insert?: unknown;
  readonly delete?: number | undefined;
}

export interface TextDoc {
  readonly doc: Y.Doc;
  text(): string;
  /** UTF-16 units. */
  length(): number;
  state(): Uint8Array;
  vector(): Uint8Array;
  /** What somebody with this state vector lacks. Throws when it is none. */
  lacking(vector: Uint8Array): Uint8Array;
  /**
   * Applies in one step; answers with exactly what was new, or undefined. What was there already but reads otherwise in the update is no part of it.
   * Ends before the first update that may not be applied. Throws when the document is spoilt: throw it away, and read it anew.
   */
  apply(updates: readonly Uint8Array[], mayApply?: (update: Uint8Array) => boolean): Uint8Array | undefined;
  destroy(): void;
}

export function createTextDoc(
  updates: readonly Uint8Array[] = [],
  changed?: (changes: readonly Change[]) => void,
): TextDoc {
  const doc = new Y.Doc({ gc: false });
  const text = doc.getText(ROOT);
  let state: Uint8Array | undefined;
  let news: Uint8Array[] = [];

  const apply: TextDoc['apply'] = (all, mayApply = () => true) => {
    news = [];
    doc.transact(() => {
      for (const update of all) {
        if (!mayApply(update)) return;
        Y.applyUpdate(doc, update);
      }
    });
    if (doc.store.pendingStructs ?? doc.store.pendingDs) throw new Error('The update builds on text that is not here.');
    // Formatting that has become superfluous is tidied up in a second step.
    return news.length > 1 ? Y.mergeUpdates(news) : news[0];
  };
  doc.on('update', (update: Uint8Array) => {
    state = undefined;
    news.push(update);
  });
  apply(updates);
  if (changed) text.observe((event) => changed(event.delta));

  return {
    doc,
    text: () => text.toJSON(),
    length: () => text.length,
    state: () => (state ??= Y.encodeStateAsUpdate(doc)),
    vector: () => Y.encodeStateVector(doc),
    lacking(vector) {
      const isEmpty = vector.length === 1 && vector[0] === 0;
      return isEmpty ? (state ??= Y.encodeStateAsUpdate(doc)) : Y.encodeStateAsUpdate(doc, vector);
    },
    apply,
    destroy: () => doc.destroy(),
  };
}

/** A document that holds this text and no history. */
export function seedOf(text: string): { readonly update: Uint8Array; readonly client: number } {
  const doc = new Y.Doc({ gc: false });
  doc.getText(ROOT).insert(0, text);
  return { update: Y.encodeStateAsUpdate(doc), client: doc.clientID };
}
