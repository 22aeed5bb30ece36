/**
 * A TCP line between a device and the server that tests can spoil. `cut` resets connections and refuses new ones;
 * `blackhole` keeps them open and lets nothing through until `heal`, when the bytes arrive late, as TCP has it; `swallow` is a
 * half-open line: it accepts everything and loses it, so that a connection which has lost bytes is worth nothing after `heal`.
 */
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Line {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  cut(): void;
  heal(): void;
  blackhole(): void;
  /** `down`: what the device says arrives and is done, the answer is lost. */
  swallow(way?: Way | 'both'): void;
  /** Each way, for chunks sent from now on. */
  latency(ms: number): void;
  /** Resets the connection once this many bytes have gone from the device to the server. */
  cutAfterBytes(count: number): void;
  readonly connections: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  close(): Promise<void>;
}

type Way = 'up' | 'down';
type State = 'healthy' | 'cut' | 'blackhole' | 'swallowing';

export async function proxy(targetPort: number, targetHost = '127.0.0.1'): Promise<Line> {
  let state: State = 'healthy';
  let delay = 0;
  let budget = Infinity;
  const bytes = { up: 0, down: 0 };
  const pairs = new Set<readonly [Socket, Socket]>();
  const lossy = new Set<readonly [Socket, Socket]>();
  let swallowed: Way | 'both' = 'both';
  const held: (() => void)[] = [];

  const forget = (pair: readonly [Socket, Socket]) => {
    pairs.delete(pair);
    lossy.delete(pair);
  };
  const drop = (pair: readonly [Socket, Socket]) => {
    forget(pair);
    for (const socket of pair) socket.resetAndDestroy();
  };
  const cut = () => {
    state = 'cut';
    held.length = 0;
    for (const pair of [...pairs]) drop(pair);
  };

  const carry = (pair: readonly [Socket, Socket], way: Way) => {
    const [from, to] = way === 'up' ? pair : [pair[1], pair[0]];
    let last = Promise.resolve();
    const inOrder = (work: () => void) => {
      const due = Date.now() + delay;
      last = last.then(() => passing(due)).then(work);
    };
    from.on('data', (chunk: Buffer) => {
      if (way === 'up' && (budget -= chunk.length) < 0) return cut();
      inOrder(() => {
        if (loses(pair, way)) return;
        bytes[way] += chunk.length;
        if (!to.destroyed) to.write(chunk);
      });
    });
    from.on('end', () => inOrder(() => void (loses(pair, way) || to.end())));
  };

  const loses = (pair: readonly [Socket, Socket], way: Way): boolean => {
    if (state === 'swallowing' && (swallowed === 'both' || swallowed === way)) lossy.add(pair);
    return lossy.has(pair) && (swallowed === 'both' || swallowed === way);
  };

  const passing = async (due: number): Promise<void> => {
    const wait = due - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    while (state === 'blackhole') await new Promise<void>((resolve) => held.push(resolve));
  };

  const server = createServer({ allowHalfOpen: true }, (device) => {
    if (state === 'cut') return void device.resetAndDestroy();
    const upstream = createConnection({ port: targetPort, host: targetHost, allowHalfOpen: true });
    const pair = [device, upstream] as const;
    pairs.add(pair);
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', () => drop(pair));
      // An end that was swallowed leaves the other half open until the line is cut or heals.
      socket.on('close', () => pair.every(({ destroyed }) => destroyed) && forget(pair));
    }
    carry(pair, 'up');
    carry(pair, 'down');
  });
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    cut,
    heal() {
      state = 'healthy';
      budget = Infinity;
      for (const pair of [...lossy]) drop(pair);
      for (const release of held.splice(0)) release();
    },
    blackhole() {
      state = 'blackhole';
    },
    swallow(way = 'both') {
      state = 'swallowing';
      swallowed = way;
    },
    latency(ms) {
      delay = ms;
    },
    cutAfterBytes(count) {
      budget = count;
    },
    get connections() {
      return pairs.size;
    },
    get bytesUp() {
      return bytes.up;
    },
    get bytesDown() {
      return bytes.down;
    },
    close() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
