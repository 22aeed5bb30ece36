/** A server on the other end of a device's link, as a test writes it: routes that answer, sockets that it speaks through. */
import type { Link, Reply, SocketEvents } from '../../plugin/link.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly key: string | undefined;
}

export interface ScriptedLink extends Link {
  readonly asked: Asked[];
  readonly sockets: (SocketEvents & { readonly protocols: readonly string[]; isClosed: boolean })[];
  /** What is answered from now on: by `METHOD /path` without its query, or by nothing at all. */
  answers: Readonly<Record<string, (asked: Asked) => Partial<Reply> | 'nothing'>>;
  /** Speaks to the newest socket. */
  say(message: object): void;
}

export function scriptedLink(answers: ScriptedLink['answers']): ScriptedLink {
  const link: ScriptedLink = {
    asked: [],
    sockets: [],
    answers,
    request(method, path, body, key) {
      const asked = { method, path, body, key };
      link.asked.push(asked);
      const answer = link.answers[`${method} ${path.split('?')[0]}`]?.(asked) ?? { status: 404 };
      if (answer === 'nothing') return Promise.reject(new Error('net::ERR_CONNECTION_REFUSED'));
      return Promise.resolve({ status: 200, json: undefined, bytes: new Uint8Array(), ...answer });
    },
    socket(_path, protocols, events) {
      const socket = { ...events, protocols, isClosed: false };
      link.sockets.push(socket);
      return {
        send: () => undefined,
        close: () => {
          socket.isClosed = true;
        },
      };
    },
    say: (message) => link.sockets.at(-1)!.heard(JSON.stringify(message)),
  };
  return link;
}
