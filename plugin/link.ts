/** The wire to the server, as the host needs it. The device has an adapter for it. */
import { connectionWords } from './words/index.ts';

export interface Reply {
  readonly status: number;
  /** Parsed when the answer was JSON. */
  readonly json: unknown;
  readonly bytes: Uint8Array;
  /** The server's `Date`, in milliseconds; absent when it said none. */
  readonly date?: number;
}

export interface Socket {
  send(text: string): void;
  close(): void;
}

export interface SocketEvents {
  opened(): void;
  heard(text: string): void;
  /** The close code, 1006 when there was none. */
  closed(code: number): void;
}

export interface Link {
  /** Rejects when there is no answer at all. `path` begins with `/v1/`. */
  request(method: 'GET' | 'POST', path: string, body?: unknown, key?: string): Promise<Reply>;
  socket(path: string, protocols: readonly string[], events: SocketEvents): Socket;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once after so many milliseconds, unless the answer is called before. */
  after(milliseconds: number, work: () => void): () => void;
  random(): number;
}

export interface ProblemText {
  readonly code: string;
  readonly detail: string;
}

/** A request that is not answered in this time has failed: a line that swallows everything looks like a slow server. */
const PATIENCE = 30_000;

export function answered(link: Link, clock: Clock, ...request: Parameters<Link['request']>): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(PATIENCE, () => reject(new Error(connectionWords.noAnswer)));
    void link
      .request(...request)
      .then(resolve, reject)
      .finally(cancel);
  });
}

/** Of every answer it is noted how the two clocks stand: `hear` is told when it was asked and answered, and what the server's clock said. */
export const timed = (
  link: Link,
  clock: Clock,
  hear: (sentAt: number, receivedAt: number, serverNow: number) => void,
): Link => ({
  ...link,
  async request(...request) {
    const sentAt = clock.now();
    const reply = await link.request(...request);
    // Whole seconds, cut off.
    if (reply.date !== undefined) hear(sentAt, clock.now(), reply.date + 500);
    return reply;
  },
});

/** What a refusal says, for a person. */
export function problemIn({ status, json }: Reply): ProblemText {
  const { code, detail } = (json ?? {}) as { readonly code?: unknown; readonly detail?: unknown };
  return {
    code: typeof code === 'string' ? code : `http-${status}`,
    detail: typeof detail === 'string' ? detail : connectionWords.answered(status),
  };
}
