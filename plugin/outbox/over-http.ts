/**
 * What only the server can decide, asked while somebody waits for the answer. The key of a request is made before it is sent and stays the
 * same for every further try, so that nothing happens twice however often the line breaks (L4).
 */
import type { CommandEntry } from '../../shared/kernel/register.ts';
import { answered, problemIn, type Clock, type Link, type Reply } from '../link.ts';
import type { Asked, Fields, Outcome } from './words.ts';
import { outboxWords } from '../words/index.ts';

export interface OverHttp {
  /** How many are on their way. */
  readonly pending: number;
  ask(entry: CommandEntry, asked: Asked): Promise<Outcome>;
}

const TRIES = 4;

const kebab = (verb: string): string => verb.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export function createOverHttp({ link, clock, unique }: { link: Link; clock: Clock; unique: () => string }): OverHttp {
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

  return {
    get pending() {
      return pending;
    },
    async ask({ feature, verb, word }, { subject, input }) {
      const path = subject ? `/v1/${feature.name}/${subject.id}/${kebab(verb)}` : `/v1/${feature.name}`;
      pending += 1;
      try {
        const reply = await send(path, input, unique());
        if (typeof reply === 'string') {
          const detail = outboxWords.onlineOnly(word.title, reply);
          return { kind: 'refused', code: 'offline', detail, fields: [] };
        }
        if (reply.status >= 300) {
          const { fields } = (reply.json ?? {}) as { readonly fields?: { field: string; problem: string }[] };
          return { kind: 'refused', ...problemIn(reply), fields: fields ?? [] };
        }
        return { kind: 'done', entity: (reply.json ?? {}) as Fields };
      } finally {
        pending -= 1;
      }
    },
  };
}
