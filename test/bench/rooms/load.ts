/**
 * Fifty people typing at once, as raw frames: each has a document of its own that holds only what they typed, and only looks for the marks of
 * the others in what arrives. No document is merged here, so that the generator is not what is measured.
 */
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import WebSocket from 'ws';
import * as Y from 'yjs';
import type { Running, Wire } from './subject.ts';

export const PEERS = 50;
export const EDITS_PER_SECOND = 200;
/** Edits before this count as promises, not as latencies: everybody's code is cold at first. */
const WARM_UP_MS = 1000;

export interface Load {
  /** Milliseconds from sending to arriving, one for each of the other peers. */
  readonly delivered: readonly number[];
  /** Milliseconds to the acknowledgement. */
  readonly acknowledged: readonly number[];
  /** What at least one peer received, or its sender was told is safe. */
  readonly promised: ReadonlySet<string>;
  /** Of this process: 99th percentile in milliseconds. */
  readonly loopDelay: number;
}

interface Peer {
  readonly socket: WebSocket;
  readonly doc: Y.Doc;
  readonly unacknowledged: string[];
}

export async function load(
  { place }: Running,
  wire: Wire,
  milliseconds: number,
  end: () => Promise<void>,
): Promise<Load> {
  const delivered: number[] = [];
  const acknowledged: number[] = [];
  const promised = new Set<string>();
  const sentAt = new Map<string, number>();
  const connect = async (): Promise<Peer> => {
    const socket = new WebSocket(place.url, [...((await place.protocols?.()) ?? [])], { perMessageDeflate: false });
    socket.binaryType = 'nodebuffer';
    const peer: Peer = { socket, doc: new Y.Doc(), unacknowledged: [] };
    socket.on('error', () => undefined);
    socket.on('message', (data) => hear(peer, data as Buffer));
    await once(socket, 'open');
    for (const frame of wire.hello) socket.send(frame);
    return peer;
  };
  function hear(peer: Peer, frame: Buffer): void {
    const now = performance.now();
    const ack = wire.acknowledged(frame);
    if (ack) {
      const mark = ack === true ? peer.unacknowledged.shift() : Buffer.from(ack).toString();
      if (mark === undefined) return;
      acknowledged.push(now - sentAt.get(mark)!);
      promised.add(mark);
      return;
    }
    for (const [mark] of frame.toString('latin1').matchAll(/<\d+\.\d+>/g)) {
      const at = sentAt.get(mark);
      if (at === undefined) continue;
      delivered.push(now - at);
      promised.add(mark);
    }
  }

  const peers = await Promise.all(Array.from({ length: PEERS }, connect));
  await wait(200);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let n = 0;
  const began = performance.now();
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - began) * EDITS_PER_SECOND) / 1000);
    for (; n < due; n++) type(peers[n % PEERS]!, `<${n % PEERS}.${n}>`);
  }, 2);
  function type({ socket, doc, unacknowledged }: Peer, mark: string): void {
    const text = doc.getText('text');
    let update: Uint8Array | undefined;
    doc.once('update', (bytes: Uint8Array) => (update = bytes));
    text.insert(text.length, mark);
    sentAt.set(mark, performance.now());
    unacknowledged.push(mark);
    socket.send(wire.update(update!));
    if (wire.ask) socket.send(wire.ask(Buffer.from(mark)));
  }
  await wait(WARM_UP_MS);
  delivered.length = 0;
  acknowledged.length = 0;
  delay.reset();
  await wait(milliseconds);
  clearInterval(timer);
  delay.disable();
  await end();
  // Nobody may heal the server afterwards.
  for (const { socket } of peers) socket.terminate();
  return { delivered, acknowledged, promised, loopDelay: delay.percentile(99) / 1e6 };
}

/** Everything that a new client is given. */
export async function textOf({ place }: Running, wire: Wire): Promise<string> {
  const socket = new WebSocket(place.url, [...((await place.protocols?.()) ?? [])], { perMessageDeflate: false });
  socket.binaryType = 'nodebuffer';
  const doc = new Y.Doc();
  const arrived = new Promise<void>((resolve, reject) => {
    socket.on('message', (data) => {
      const state = wire.state(data as Buffer);
      if (!state) return;
      Y.applyUpdate(doc, state);
      resolve();
    });
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`Closed with ${code} before the document came.`)));
  });
  await once(socket, 'open');
  for (const frame of wire.hello) socket.send(frame);
  await arrived;
  socket.terminate();
  const text: { toString(): string } = doc.getText('text');
  return text.toString();
}
