/** The three: ours on SQLite with every commit synced; a plain y-websocket server; Hocuspocus with its usual persistence. */
import { createDecoder, readVarString, readVarUint, readVarUint8Array, type Decoder } from 'lib0/decoding';
import {
  createEncoder,
  toUint8Array,
  writeVarString,
  writeVarUint,
  writeVarUint8Array,
  type Encoder,
} from 'lib0/encoding';
import { SUBPROTOCOL, TICKET_PREFIX } from '../../../shared/sync/socket-words.ts';
import { MESSAGE, SYNC } from '../../../shared/sync/room-words.ts';
import type { Subject, Wire } from './subject.ts';

const NOTHING = new Uint8Array([0]);
const DOCUMENT = 'room';
/** Of Hocuspocus' own numbers. */
const AUTH = 2;
const SYNC_STATUS = 8;

const frame = (write: (encoder: Encoder) => void): Uint8Array => {
  const encoder = createEncoder();
  write(encoder);
  return toUint8Array(encoder);
};
const sync =
  (before: (encoder: Encoder) => void) =>
  (step: number, bytes: Uint8Array): Uint8Array =>
    frame((encoder) => {
      before(encoder);
      writeVarUint(encoder, MESSAGE.sync);
      writeVarUint(encoder, step);
      writeVarUint8Array(encoder, bytes);
    });
/** The whole document is the answer to a state vector of nothing. */
const stateIn = (decoder: Decoder): Uint8Array | undefined =>
  readVarUint(decoder) === MESSAGE.sync && readVarUint(decoder) === SYNC.step2 ? readVarUint8Array(decoder) : undefined;

const plainly = sync(() => undefined);
const stock: Wire = {
  hello: [plainly(SYNC.step1, NOTHING)],
  update: (update) => plainly(SYNC.update, update),
  acknowledged: () => undefined,
  state: (bytes) => stateIn(createDecoder(bytes)),
};

const withAcks: Wire = {
  ...stock,
  ask: (payload) =>
    frame((encoder) => {
      writeVarUint(encoder, MESSAGE.stored);
      writeVarUint8Array(encoder, payload);
    }),
  acknowledged(bytes) {
    const decoder = createDecoder(bytes);
    return readVarUint(decoder) === MESSAGE.stored ? readVarUint8Array(decoder) : undefined;
  },
};

const named = sync((encoder) => writeVarString(encoder, DOCUMENT));
const hocuspocus: Wire = {
  hello: [
    frame((encoder) => {
      writeVarString(encoder, DOCUMENT);
      writeVarUint(encoder, AUTH);
      writeVarUint(encoder, 0);
      writeVarString(encoder, 'anybody');
      writeVarString(encoder, '4.7.0');
    }),
    named(SYNC.step1, NOTHING),
  ],
  update: (update) => named(SYNC.update, update),
  acknowledged(bytes) {
    const decoder = createDecoder(bytes);
    readVarString(decoder);
    return readVarUint(decoder) === SYNC_STATUS && readVarUint(decoder) === 1 ? true : undefined;
  },
  state(bytes) {
    const decoder = createDecoder(bytes);
    readVarString(decoder);
    return stateIn(decoder);
  },
};

export const ours: Subject = {
  name: 'operary',
  isDurable: true,
  child: './server-ours.ts',
  wire: withAcks,
  place: ({ url = '', token = '', room = '' }) => ({
    url: `${url.replace('http', 'ws')}/v1/sync/docs/${encodeURIComponent(room)}`,
    async protocols() {
      const answer = await fetch(`${url}/v1/sync/tickets`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ purpose: 'doc', room }),
      });
      const { ticket } = (await answer.json()) as { ticket: string };
      return [SUBPROTOCOL, `${TICKET_PREFIX}${ticket}`];
    },
  }),
};
export const peers: readonly Subject[] = [
  {
    name: 'y-websocket server 0.1.1, in memory',
    isDurable: false,
    child: './server-plain.ts',
    wire: stock,
    place: ({ url = '' }) => ({ url: `${url}/room` }),
  },
  {
    name: 'Hocuspocus 4.7.0, SQLite, its usual debounce',
    isDurable: false,
    child: './server-hocuspocus.ts',
    wire: hocuspocus,
    place: ({ url = '' }) => ({ url }),
  },
];
