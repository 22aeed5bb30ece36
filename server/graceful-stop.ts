/**
 * Stops a server so that every answer that has begun arrives whole, however slowly it is read. Node's own `close()` cannot: it takes a
 * connection for idle as soon as its answer is handed over, and cuts off what still waits to be sent.
 */
import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';

/** To be called before the server listens; the answer stops it. */
export function gracefulStop(server: Server, patienceMs: number): () => Promise<void> {
  /** Answers that each connection still waits for; sockets that were upgraded end by themselves. */
  const owed = new Map<Socket, number>();
  const open = new Set<Socket>();
  let isLeaving = false;
  const letGo = (socket: Socket): void => {
    if (isLeaving && owed.get(socket) === 0) socket.destroySoon();
  };
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    owed.set(socket, 0);
    socket.on('close', () => {
      open.delete(socket);
      owed.delete(socket);
    });
  });
  server.on('request', ({ socket }, response) => {
    owed.set(socket, (owed.get(socket) ?? 0) + 1);
    // After the last byte has gone to the system, or the other side has.
    response.on('close', () => {
      if (owed.has(socket)) owed.set(socket, owed.get(socket)! - 1);
      letGo(socket);
    });
  });
  server.on('upgrade', ({ socket }) => owed.delete(socket));

  return async () => {
    isLeaving = true;
    const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
    for (const socket of owed.keys()) letGo(socket);
    const impatient = setTimeout(() => {
      for (const socket of open) socket.destroy();
    }, patienceMs);
    await closed;
    clearTimeout(impatient);
    // Nothing is open any more: this ends only the timers that Node's own close() would have ended.
    server.close(() => undefined);
  };
}
