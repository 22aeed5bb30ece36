/** Photos from a device's own store to a real server, over a line that fails in every way a line fails. */
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAttention, type Attention } from '../../plugin/attention.ts';
import { openBlobs } from '../../plugin/device/blobs.ts';
import { digestOf } from '../../plugin/device/keys.ts';
import { createEvidence, type Evidence, type Kept } from '../../plugin/evidence/evidence.ts';
import { StoreFull, type Blobs, type SendBytes } from '../../plugin/evidence/ports.ts';
import { PIECE } from '../../plugin/evidence/transfer.ts';
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import { aServer, type AServer, type Plant } from '../kit/a-server.ts';
import { manualClock, type ManualClock } from '../kit/manual-clock.ts';
import '../kit/seed.ts';
import { until } from '../kit/until.ts';

const DAY = 24 * 60 * 60_000;
let server: AServer;
let plant: Plant;
let token = '';
beforeAll(async () => {
  server = await aServer();
  plant = await server.plant();
  token = (await server.token(plant, 'maintenance_engineer', { user: 'Marek' })).token;
});
afterAll(() => server.close());

type Fault = 'none' | 'no answer' | 'lost answer' | 'busy' | 'damaged';

let photos = 0;
function photo(size: number): Uint8Array {
  const bytes = new Uint8Array(size).map((_, i) => (i * 31 + (i >> 8)) & 0xff);
  new DataView(bytes.buffer).setUint32(0, ++photos);
  return bytes;
}

interface Device {
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

const kept = async (evidence: Evidence, bytes: Uint8Array, name = 'pump.jpg'): Promise<string> => {
  const answer = await evidence.keep(bytes, name, 'image/jpeg');
  expect(answer).toEqual({ sha256: sha256Hex(bytes), size: bytes.length });
  return (answer as Kept).sha256;
};
const onServer = async (sha256: string): Promise<Uint8Array | undefined> => {
  const answer = await server.ask(`GET /v1/files/${sha256}`, { token });
  return answer.status === 200 ? answer.bytes : undefined;
};
const sentences = ({ attention }: Device): readonly string[] => attention.all.map(({ sentence }) => sentence);

test('a photo is on the device when it may be named, counts as waiting, and is stored when the server has it', async () => {
  const device = aDevice();
  device.faults = () => 'no answer';
  const evidence = await device.open();
  const bytes = photo(PIECE * 2 + 1);
  const sha256 = await kept(evidence, bytes);
  expect([evidence.waiting(), evidence.waitingBytes()]).toEqual([1, bytes.length]);
  expect(await evidence.get(sha256)).toEqual(bytes);
  await device.clock.pass(5000);
  expect(await onServer(sha256)).toBeUndefined();
  device.faults = () => 'none';
  device.asked.length = 0;
  evidence.wake();
  await device.reaches('stored', () => evidence.waiting() === 0);
  expect(device.asked).toEqual(['HEAD', 'PATCH 0', `PATCH ${PIECE}`, `PATCH ${PIECE * 2}`]);
  expect(await onServer(sha256)).toEqual(bytes);
  expect(evidence.waitingBytes()).toBe(0);
});

test('[L13] closed in a cellar with photos that wait, the app has them when it opens again, and goes on in the middle', async () => {
  const device = aDevice();
  // Of the first photo one piece gets through.
  device.faults = ({ n }) => (n === 2 ? 'lost answer' : n > 2 ? 'no answer' : 'none');
  const first = await device.open();
  const [one, two] = [photo(PIECE * 3), photo(10)];
  await kept(first, one, 'one.jpg');
  await device.reaches('a piece', () => device.asked.length > 2);
  await kept(first, two, 'two.jpg');
  device.faults = () => 'none';
  device.asked.length = 0;
  const again = await device.open();
  expect([again.waiting(), again.waitingBytes()]).toEqual([2, one.length + two.length]);
  await device.reaches('stored', () => again.waiting() === 0);
  expect(device.asked).toEqual(['HEAD', `PATCH ${PIECE * 2}`, 'HEAD', 'PATCH 0']);
  expect(await onServer(sha256Hex(one))).toEqual(one);
  const third = await device.open();
  expect(third.waiting()).toBe(0);
});

test('one at a time, in the order in which they were taken', async () => {
  const device = aDevice();
  device.faults = () => 'no answer';
  const evidence = await device.open();
  const all = [];
  for (let i = 0; i < 4; i++) {
    all.push(await kept(evidence, photo(PIECE + 4 + i), `${i}.jpg`));
    await device.clock.pass(1);
  }
  device.faults = () => 'none';
  device.asked.length = 0;
  evidence.wake();
  await device.reaches('stored', () => evidence.waiting() === 0);
  const each = ['HEAD', 'PATCH 0', `PATCH ${PIECE}`];
  expect(device.asked).toEqual([...each, ...each, ...each, ...each]);
  expect(device.files.filter((path, i) => path !== device.files[i - 1]).slice(-4)).toEqual(all);
});

test('[L4] the same photo twice is one, and one that the server has is not sent', async () => {
  const device = aDevice();
  const evidence = await device.open();
  const bytes = photo(40);
  await kept(evidence, bytes);
  await kept(evidence, bytes);
  await device.reaches('stored', () => evidence.waiting() === 0);
  await kept(evidence, bytes);
  expect(evidence.waiting()).toBe(0);
  expect(device.asked.filter((one) => one.startsWith('PATCH'))).toHaveLength(1);
  const other = aDevice();
  const theirs = await other.open();
  await kept(theirs, bytes);
  await other.reaches('known', () => theirs.waiting() === 0);
  expect(other.asked).toEqual(['HEAD']);
});

test('it tries again by itself, later and later, at most every 30 seconds', async () => {
  const device = aDevice();
  device.faults = () => 'busy';
  const evidence = await device.open();
  await kept(evidence, photo(9));
  await device.reaches('a first try', () => device.asked.length > 1);
  const tries: number[] = [];
  for (let i = 0; i < 200; i++) {
    const before = device.asked.length;
    await device.clock.pass(1000);
    // The stores of the device answer in macrotasks of their own.
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (device.asked.length > before) tries.push(i);
  }
  const gaps = tries.slice(1).map((at, i) => at - tries[i]!);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(30);
  expect(gaps.at(-1)).toBeGreaterThan(10);
  device.faults = () => 'none';
  await device.reaches('stored', () => evidence.waiting() === 0);
  expect(sentences(device)).toEqual([]);
});

test('a request that nobody answers is given up after a minute', async () => {
  const device = aDevice();
  const never: SendBytes = () => new Promise(() => undefined);
  let asked = 0;
  const evidence = createEvidence({
    blobs: device.blobs,
    send: (...request) => {
      asked += 1;
      return never(...request);
    },
    clock: device.clock,
    attention: device.attention,
    digest: digestOf,
  });
  await kept(evidence, photo(9));
  await until('a first try', () => asked === 1 || undefined);
  await device.clock.pass(59_000);
  expect(asked).toBe(1);
  await device.reaches('a second try', () => asked > 1);
  evidence.stop();
});

describe('[L7] what the server does not take is kept, and somebody is told what to do', () => {
  test('damaged on the way once: sent again; damaged always: told, and sent with the next connection', async () => {
    const device = aDevice();
    device.faults = ({ method, n }) => (method === 'PATCH' && n < 2 ? 'damaged' : 'none');
    const evidence = await device.open();
    await kept(evidence, photo(50));
    await device.reaches('stored', () => evidence.waiting() === 0);
    expect(sentences(device)).toEqual([]);

    device.faults = ({ method }) => (method === 'PATCH' ? 'damaged' : 'none');
    const sha256 = await kept(evidence, photo(51), 'seal.jpg');
    await device.reaches('told', () => sentences(device).length > 0);
    expect(sentences(device)[0]).toMatch(/^seal\.jpg: it arrived damaged twice\. It is kept here/);
    expect([evidence.waiting(), (await evidence.get(sha256))?.length]).toEqual([1, 51]);
    device.faults = () => 'none';
    evidence.wake();
    await device.reaches('stored', () => evidence.waiting() === 0);
    expect(sentences(device)).toEqual([]);
  });

  test('damaged on the device', async () => {
    const device = aDevice();
    device.faults = () => 'no answer';
    const evidence = await device.open();
    const bytes = photo(50);
    const sha256 = await kept(evidence, bytes);
    const [file] = await device.blobs.all();
    await device.blobs.put(
      file!,
      bytes.map((byte) => byte ^ 1),
    );
    device.faults = () => 'none';
    evidence.wake();
    await device.reaches('told', () => sentences(device).length > 0);
    expect(sentences(device)[0]).toContain('damaged on this device, so the server did not take it. Attach it again.');
    expect(await onServer(sha256)).toBeUndefined();
    await kept(evidence, bytes);
    await device.reaches('stored', () => evidence.waiting() === 0);
    expect([await onServer(sha256), sentences(device)]).toEqual([bytes, []]);
  });

  test('taken away by the system before it was sent', async () => {
    const device = aDevice({ bytes: async () => undefined });
    // While the server cannot say, nothing is given up.
    device.faults = () => 'busy';
    const evidence = await device.open();
    await kept(evidence, photo(50));
    await device.reaches('asked', () => device.asked.length > 1);
    expect([evidence.waiting(), sentences(device)]).toEqual([1, []]);
    device.faults = () => 'none';
    await device.reaches('told', () => sentences(device).length > 0);
    expect(sentences(device)[0]).toContain('Attach it again.');
    expect(evidence.waiting()).toBe(0);
  });

  test('a role that may not: the one behind it is not held up by it', async () => {
    const device = aDevice();
    device.token = (await server.token(plant, 'auditor', { user: 'Aude' })).token;
    const evidence = await device.open();
    const first = await kept(evidence, photo(50), 'a.jpg');
    await device.reaches('told', () => sentences(device).length === 1);
    expect(sentences(device)[0]).toMatch(/^a\.jpg: it was not stored: The role auditor may not .* It is kept here\.$/);
    device.token = token;
    const second = await kept(evidence, photo(51), 'b.jpg');
    await device.reaches('the second', () => evidence.waiting() === 1);
    expect([await onServer(first), (await onServer(second))?.length]).toEqual([undefined, 51]);
    evidence.wake();
    await device.reaches('stored', () => evidence.waiting() === 0);
  });

  test('with a token that does not hold it waits until somebody wakes it', async () => {
    const device = aDevice();
    device.token = 'opy_live_nonsense';
    const evidence = await device.open();
    await kept(evidence, photo(50));
    await device.reaches('asked', () => device.asked.length === 2);
    await device.clock.pass(10 * 60_000);
    expect([device.asked.length, sentences(device)]).toEqual([2, []]);
    // Woken while a request with the old token is under way.
    device.faults = () => {
      evidence.wake();
      device.faults = () => 'none';
      return 'none';
    };
    evidence.wake();
    await device.reaches('asked again', () => device.asked.length === 6);
    device.token = token;
    evidence.wake();
    await device.reaches('stored', () => evidence.waiting() === 0);
  });

  test('junk under its name on the server is cleared away', async () => {
    const device = aDevice();
    const bytes = photo(50);
    await server.ask(`PATCH /v1/files/${sha256Hex(bytes)}`, {
      token,
      body: new Uint8Array(80),
      headers: {
        'content-type': 'application/partial-upload',
        'upload-offset': '0',
        'upload-length': '100',
        'upload-complete': '?0',
      },
    });
    const evidence = await device.open();
    await kept(evidence, bytes);
    await device.reaches('stored', () => evidence.waiting() === 0);
    expect(await onServer(sha256Hex(bytes))).toEqual(bytes);
  });

  test('nothing that is empty or larger than 20 MiB is begun with', async () => {
    const device = aDevice();
    const evidence = await device.open();
    expect(await evidence.keep(new Uint8Array(), 'a.jpg', '')).toMatchObject({ refused: 'invalid-input' });
    const huge = new Uint8Array(20 * 1024 * 1024 + 1);
    expect(await evidence.keep(huge, 'film.mp4', '')).toMatchObject({ refused: 'too-large' });
    expect([evidence.waiting(), await device.blobs.all()]).toEqual([0, []]);
  });
});

describe('the store of the device', () => {
  test('when it is full, what the server has makes room; then it is said, and nothing is named', async () => {
    const room = { left: 100 };
    const device = aDevice();
    const { put, drop } = device.blobs;
    device.blobs.put = async (file, bytes) => {
      if (bytes.length > room.left) throw new StoreFull();
      room.left -= bytes.length;
      await put(file, bytes);
    };
    device.blobs.drop = async (sha256) => {
      room.left += (await device.blobs.bytes(sha256))?.length ?? 0;
      await drop(sha256);
    };
    const evidence = await device.open();
    await kept(evidence, photo(80));
    await device.reaches('stored', () => evidence.waiting() === 0);
    await kept(evidence, photo(90));
    device.faults = () => 'no answer';
    expect(await evidence.keep(photo(95), 'c.jpg', '')).toMatchObject({
      refused: 'not-ready',
      detail: expect.stringContaining('no room left') as string,
    });
  });

  test('when it fails, the entry is not made', async () => {
    const device = aDevice({ put: () => Promise.reject(new Error('The disk is gone')) });
    const evidence = await device.open();
    expect(await evidence.keep(photo(9), 'a.jpg', '')).toMatchObject({
      refused: 'not-ready',
      detail: expect.stringContaining('The disk is gone') as string,
    });
    expect(evidence.waiting()).toBe(0);
  });

  test('when it cannot be read, somebody is told, and it is tried again', async () => {
    const device = aDevice();
    const { all } = device.blobs;
    device.blobs.all = () => Promise.reject(new Error('The disk is gone'));
    const evidence = await device.open();
    expect(sentences(device)[0]).toContain('The disk is gone');
    device.blobs.all = all;
    evidence.wake();
    await kept(evidence, photo(12));
  });

  test('a day after the server has it, a large one goes; small ones stay to be shown', async () => {
    const device = aDevice();
    const evidence = await device.open();
    const [small, large] = [photo(1000), photo(PIECE + 1)];
    await kept(evidence, small);
    await kept(evidence, large);
    await device.reaches('stored', () => evidence.waiting() === 0);
    await device.clock.pass(DAY - 60 * 60_000);
    await device.open();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await device.blobs.all()).toHaveLength(2);
    await device.clock.pass(2 * 60 * 60_000);
    const later = await device.open();
    await until('gone', async () => (await device.blobs.all()).length === 1 || undefined);
    device.faults = () => 'no answer';
    expect(await later.get(sha256Hex(small))).toEqual(small);
    expect(await later.get(sha256Hex(large))).toBeUndefined();
    device.faults = () => 'none';
    expect(await later.get(sha256Hex(large))).toEqual(large);
    expect(await later.get('0'.repeat(64))).toBeUndefined();
  });

  test('another window may have sent it and let it go', async () => {
    const device = aDevice();
    device.faults = () => 'no answer';
    const here = await device.open();
    const bytes = photo(33);
    const sha256 = await kept(here, bytes);
    await server.ask(`PUT /v1/files/${sha256}`, { token, body: bytes });
    await device.blobs.drop(sha256);
    device.faults = () => 'none';
    here.wake();
    await device.reaches('known', () => here.waiting() === 0);
    expect(sentences(device)).toEqual([]);
  });

  test('on disk it is one record with its bytes, reopened after it was closed, and full when the quota is', async () => {
    const factory = new IDBFactory();
    const blobs = openBlobs(factory, 'vault-1');
    const file = { sha256: 'a'.repeat(64), size: 3, name: 'a.jpg', type: 'image/jpeg', keptAt: 1 };
    // A view into something larger must not take the rest along.
    await blobs.put(file, Uint8Array.of(9, 1, 2, 3, 9).subarray(1, 4));
    await blobs.note({ ...file, storedAt: 2 });
    blobs.close();
    expect(await blobs.all()).toEqual([{ ...file, storedAt: 2 }]);
    const again = openBlobs(factory, 'vault-1');
    expect([...(await again.bytes(file.sha256))!]).toEqual([1, 2, 3]);
    expect(await openBlobs(factory, 'vault-2').all()).toEqual([]);
    await again.drop(file.sha256);
    expect([await blobs.all(), await blobs.bytes(file.sha256)]).toEqual([[], undefined]);

    const stores = IDBObjectStore.prototype;
    const { put } = stores;
    try {
      stores.put = function (this: InstanceType<typeof IDBObjectStore>, ...given) {
        const request = put.apply(this, given);
        // As a browser does it: the requests are taken, and the transaction fails when it should reach the disk.
        const { transaction } = this as unknown as { transaction: { _abort(name: string): void } };
        if (this.name === 'files') transaction._abort('QuotaExceededError');
        return request;
      };
      await expect(blobs.put(file, Uint8Array.of(1))).rejects.toThrow(StoreFull);
      stores.put = () => {
        throw new DOMException('Cannot be cloned.', 'DataCloneError');
      };
      await expect(blobs.put(file, Uint8Array.of(1))).rejects.toThrow('Cannot be cloned.');
    } finally {
      stores.put = put;
    }
    expect(await blobs.all()).toEqual([]);
    await blobs.put(file, Uint8Array.of(1));
    expect(await blobs.all()).toHaveLength(1);
  });
});

test('[L12] however the line fails and the app dies, every photo arrives whole, once, and nothing waits for ever', async () => {
  const fault = fc.constantFrom<Fault>('none', 'none', 'no answer', 'lost answer', 'busy');
  const runs = fc.record({
    sizes: fc.array(fc.integer({ min: 1, max: PIECE * 2 + 10 }), { minLength: 1, maxLength: 3 }),
    faults: fc.array(fault, { maxLength: 12 }),
    dies: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(runs, async ({ sizes, faults, dies }) => {
      const device = aDevice();
      device.faults = ({ n }) => faults[n] ?? 'none';
      let evidence = await device.open();
      const all = [];
      for (const size of sizes) {
        const bytes = photo(Math.max(4, size));
        await kept(evidence, bytes);
        all.push(bytes);
      }
      for (const after of dies) {
        await device.clock.pass(after * 500);
        evidence = await device.open();
      }
      await device.reaches('stored', () => evidence.waiting() === 0);
      for (const bytes of all) expect(await onServer(sha256Hex(bytes))).toEqual(bytes);
      expect(sentences(device)).toEqual([]);
    }),
    { numRuns: 25 },
  );
});
