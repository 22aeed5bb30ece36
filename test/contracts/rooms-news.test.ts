/** What several people wrote in one turn reaches each of the others in one frame, whole, and nobody hears their own words. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { tellNews, type News } from '../../server/rooms/news.ts';
import type { Peer } from '../../server/rooms/room.ts';
import { readFrame } from '../../server/rooms/wire.ts';
import { ROOT } from '../../shared/sync/room-words.ts';

interface Listener {
  readonly peer: Peer;
  readonly doc: Y.Doc;
  readonly heard: Uint8Array[];
}

const listener = (n: number): Listener => {
  const heard: Uint8Array[] = [];
  const send = (frame: Uint8Array) => void heard.push(frame);
  return { peer: { user: `user ${n}`, device: null, send, close: () => undefined }, doc: new Y.Doc(), heard };
};

/** Types at the end of their own copy, and takes an earlier letter away now and then. */
function written({ peer, doc }: Listener, words: string): News {
  const before = Y.encodeStateVector(doc);
  const text = doc.getText(ROOT);
  text.insert(text.length, words);
  if (text.length % 3 === 0) text.delete(0, 1);
  return { by: peer, bytes: Y.encodeStateAsUpdate(doc, before) };
}

const textOf = (doc: Y.Doc): string => doc.getText(ROOT).toJSON();

test('[L12] what was written together arrives together: one frame, the same text everywhere, no echo', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(2), fc.string({ minLength: 1, maxLength: 8 })), { minLength: 1, maxLength: 12 }),
      (script) => {
        const all = [0, 1, 2, 3].map(listener);
        const news = script.map(([who, words]) => written(all[who]!, words));
        tellNews(
          news,
          all.map(({ peer }) => peer),
        );
        for (const { peer, doc, heard } of all) {
          expect(heard).toHaveLength(news.some(({ by }) => by !== peer) ? 1 : 0);
          const own = doc.clientID;
          for (const frame of heard) {
            const message = readFrame(frame) as { readonly kind: string; readonly update: Uint8Array };
            expect(message.kind).toBe('update');
            expect(Y.decodeUpdate(message.update).structs.map(({ id }) => id.client)).not.toContain(own);
            Y.applyUpdate(doc, message.update);
          }
          expect(doc.store.pendingStructs ?? doc.store.pendingDs).toBeNull();
        }
        expect(new Set(all.map(({ doc }) => textOf(doc))).size).toBe(1);
      },
    ),
    { numRuns: 300 },
  );
});

test('what is large goes out as it came', () => {
  const [ana, max, jo] = [listener(0), listener(1), listener(2)];
  const news = [written(ana, 'a'.repeat(40_000)), written(max, 'b'.repeat(40_000)), written(ana, 'c')];
  tellNews(
    news,
    [ana, max, jo].map(({ peer }) => peer),
  );
  expect([ana, max, jo].map(({ heard }) => heard.length)).toEqual([1, 1, 3]);
  for (const { doc, heard } of [ana, max, jo])
    for (const frame of heard) Y.applyUpdate(doc, (readFrame(frame) as { readonly update: Uint8Array }).update);
  expect(new Set([ana, max, jo].map(({ doc }) => textOf(doc))).size).toBe(1);
});
