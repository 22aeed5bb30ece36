/**
 * Commands to the server, one at a time for each item. The key of a command is made before it is sent and stays the same for every
 * further try, so that nothing happens twice however often the line breaks (L4).
 */
import type { Subject } from '../shared/kernel/event.ts';
import type { Register } from '../shared/kernel/register.ts';
import { answered, problemIn, type Clock, type Link, type Reply } from './link.ts';
import { keyOf, type Replica } from './replica.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface Asked {
  readonly type: string;
  /** Absent where the command makes its item. */
  readonly subject?: Subject;
  readonly input: Fields;
}

export type Outcome =
  | { readonly kind: 'done'; readonly entity: Fields }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly detail: string;
      readonly fields: readonly { readonly field: string; readonly problem: string }[];
    };

export interface Asking {
  /** How many are on their way. */
  readonly pending: number;
  /** Returns when the server has answered and, where it agreed, its event has arrived here. */
  ask(asked: Asked): Promise<Outcome>;
  /** The feed has brought something about this stream. */
  moved(key: string): void;
}

const TRIES = 4;
const WAIT_FOR_FEED = 5_000;

const kebab = (verb: string): string => verb.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export function createAsking({
  link,
  register,
  clock,
  replica,
  unique,
}: {
  link: Link;
  register: Register;
  clock: Clock;
  replica: Replica;
  unique: () => string;
}): Asking {
  const waiting = new Map<string, Set<() => void>>();
  let pending = 0;

  const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => clock.after(milliseconds, resolve));

  async function send(path: string, input: Fields, key: string): Promise<Reply | string> {
    let why = '';
    for (let attempt = 0; attempt < TRIES; attempt++) {
      if (attempt) await pause(clock.random() * 500 * 2 ** attempt);
      try {
        const reply = await answered(link, clock, 'POST', path, input, key);
        if (reply.status < 500) return reply;
        why = problemIn(reply).detail;
      } catch (error) {
        why = error instanceof Error ? error.message : String(error);
      }
    }
    return why;
  }

  /** Until the stream has moved past this position, or long enough. */
  function arrived(key: string, seq: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        waiting.get(key)?.delete(look);
        resolve();
      };
      const look = (): void => {
        const at = key.indexOf('/');
        if ((replica.get({ kind: key.slice(0, at), id: key.slice(at + 1) })?.seq ?? Infinity) >= seq) end();
      };
      const cancel = clock.after(WAIT_FOR_FEED, end);
      waiting.set(key, (waiting.get(key) ?? new Set()).add(look));
      look();
    });
  }

  return {
    get pending() {
      return pending;
    },
    async ask({ type, subject, input }) {
      const entry = register.commands.get(type);
      if (!entry) return { kind: 'refused', code: 'not-found', detail: `There is no command ${type}.`, fields: [] };
      const path = subject
        ? `/v1/${entry.feature.name}/${subject.id}/${kebab(entry.verb)}`
        : `/v1/${entry.feature.name}`;
      const before = subject ? (replica.get(subject)?.seq ?? 0) : 0;
      pending += 1;
      try {
        const reply = await send(path, input, unique());
        if (typeof reply === 'string') {
          return {
            kind: 'refused',
            code: 'offline',
            detail: `The server cannot be reached, so nothing was sent (${reply}). Try again when the connection is back.`,
            fields: [],
          };
        }
        if (reply.status >= 300) {
          const { fields } = (reply.json ?? {}) as { readonly fields?: { field: string; problem: string }[] };
          return { kind: 'refused', ...problemIn(reply), fields: fields ?? [] };
        }
        const entity = (reply.json ?? {}) as Fields;
        const seq = typeof entity['seq'] === 'number' ? entity['seq'] : before + 1;
        const id = subject?.id ?? (typeof entity['id'] === 'string' ? entity['id'] : '');
        if (entry.feature.travels) await arrived(keyOf({ kind: entry.feature.kind, id }), seq);
        return { kind: 'done', entity };
      } finally {
        pending -= 1;
      }
    },
    moved(key) {
      for (const look of [...(waiting.get(key) ?? [])]) look();
    },
  };
}
