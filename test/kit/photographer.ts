/** Devices that keep photos in a store of their own and send them to a real server, over a line that fails in every way a line fails. */
import { IDBFactory } from 'fake-indexeddb';
import { expect } from 'vitest';
import { createAttention, type Attention } from '../../plugin/attention.ts';
import { openBlobs } from '../../plugin/device/blobs.ts';
import { digestOf } from '../../plugin/device/keys.ts';
import { createEvidence, type Evidence, type Kept } from '../../plugin/evidence/evidence.ts';
import type { Blobs, SendBytes } from '../../plugin/evidence/ports.ts';
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import { aServer } from './a-server.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';
import { until } from './until.ts';

export type Fault = 'none' | 'no answer' | 'lost answer' | 'busy' | 'damaged';

let photos = 0;
/** No two are alike. */
export function photo(size: number): Uint8Array {
  const bytes = new Uint8Array(size).map((_, i) => (i * 31 + (i >> 8)) & 0xff);
  new DataView(bytes.buffer).setUint32(0, ++photos);
  return bytes;
}

export interface Device {
  readonly clock: ManualClock;
  readonly attention: Attention;
  readonly blobs: Blobs & { close(): void };
  readonly asked: string[];
  /** Of which file. */
  readonly files: string[];
  /** What happens to each request from now on. */
  faults: (request: { method: string; n: number }) => Fault;
  token: string;
  /** The app starts; what it had before is gone but for its store. */
  open(): Promise<Evidence>;
  /** Lets time pass until this is so. */
  reaches(what: string, is: () => boolean): Promise<void>;
}

export const sentences = ({ attention }: Device): readonly string[] => attention.all.map(({ sentence }) => sentence);

export const kept = async (evidence: Evidence, bytes: Uint8Array, name = 'pump.jpg'): Promise<string> => {
  const answer = await evidence.keep(bytes, name, 'image/jpeg');
  expect(answer).toEqual({ sha256: sha256Hex(bytes), size: bytes.length });
  return (answer as Kept).sha256;
};

/** The server, Marek's token, and devices that begin with it. */
export async function photographers() {
  const server = await aServer();
  const plant = await server.plant();
  const { token } = await server.token(plant, 'maintenance_engineer', { user: 'Marek' });

  function aDevice(own: Partial<Blobs> = {}): Device {
    const clock = manualClock();
    const blobs = { ...openBlobs(new IDBFactory(), 'evidence-test'), ...own };
    let n = 0;
    let running: Evidence | undefined;
    const send: SendBytes = async (method, path, headers = {}, body) => {
      it.asked.push(`${method} ${headers['upload-offset'] ?? ''}`.trim());
      it.files.push(path.replace('/v1/files/', ''));
      const fault = it.faults({ method, n: n++ });
      if (fault === 'no answer') throw new Error('net::ERR_INTERNET_DISCONNECTED');
      if (fault === 'busy') return { status: 503, headers: {}, bytes: new Uint8Array() };
      const damaged = fault === 'damaged' && body ? body.map((byte) => byte ^ 1) : body;
      const answer = await server.ask(`${method} ${path}`, { token: it.token, headers, body: damaged });
      if (fault === 'lost answer') throw new Error('net::ERR_CONNECTION_RESET');
      return { status: answer.status, headers: Object.fromEntries(answer.headers), bytes: answer.bytes };
    };
    const it: Device = {
      clock,
      attention: createAttention(clock.now, () => undefined),
      blobs,
      asked: [],
      files: [],
      faults: () => 'none',
      token,
      async open() {
        running?.stop();
        running = createEvidence({ blobs, send, clock, attention: it.attention, digest: digestOf });
        await running.start();
        return running;
      },
      async reaches(what, is) {
        await until(what, async () => {
          await clock.pass(1000);
          return is() || undefined;
        });
      },
    };
    return it;
  }

  const onServer = async (sha256: string): Promise<Uint8Array | undefined> => {
    const answer = await server.ask(`GET /v1/files/${sha256}`, { token });
    return answer.status === 200 ? answer.bytes : undefined;
  };
  return { server, plant, token, aDevice, onServer };
}
