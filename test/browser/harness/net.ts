/**
 * A TCP line between a device and the server that tests can spoil. `cut` resets connections and refuses new ones;
 * `blackhole` keeps them open and lets nothing through until `heal`, when the bytes arrive late, as TCP has it.
 */
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Line {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  cut(): void;
  heal(): void;
  blackhole(): void;
  /** Each way, for chunks sent from now on. */
  latency(ms: number): void;
  /** Resets the connection once this many bytes have gone from the device to the server. */
  cutAfterBytes(count: number): void;
  readonly connections: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  close(): Promise<void>;
}

type State = 'healthy' | 'cut' | 'blackhole';

export async function proxy(targetPort: number, targetHost = '127.0.0.1'): Promise<Line> {
  let state: State = 'healthy';
  let delay = 0;
  let budget = Infinity;
  const bytes = { up: 0, down: 0 };
  const pairs = new Set<readonly [Socket, Socket]>();
  const held: (() => void)[] = [];

  const drop = (pair: readonly [Socket, Socket]) => {
    pairs.delete(pair);
    for (const socket of pair) socket.resetAndDestroy();
  };
  const cut = () => {
    state = 'cut';
    held.length = 0;
    for (const pair of [...pairs]) drop(pair);
  };

  const carry = (from: Socket, to: Socket, way: 'up' | 'down') => {
    let last = Promise.resolve();
    const inOrder = (work: () => void) => {
      const due = Date.now() + delay;
      last = last.then(() => passing(due)).then(work);
    };
    from.on('data', (chunk: Buffer) => {
      if (way === 'up' && (budget -= chunk.length) < 0) return cut();
      inOrder(() => {
        bytes[way] += chunk.length;
        if (!to.destroyed) to.write(chunk);
      });
    });
    from.on('end', () => inOrder(() => to.end()));
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
      socket.on('close', () => pairs.delete(pair));
    }
    carry(device, upstream, 'up');
    carry(upstream, device, 'down');
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
      for (const release of held.splice(0)) release();
    },
    blackhole() {
      state = 'blackhole';
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
