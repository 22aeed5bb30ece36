/** HTTP through Obsidian's `requestUrl`, which knows no CORS; sockets with a ticket, so that no token stands in an address. */
import { requestUrl } from 'obsidian';
import type { Link, Reply } from '../link.ts';

export interface Account {
  /** Without a slash at the end. */
  readonly url: string;
  readonly token: string;
}

export function httpLink(account: () => Account): Link {
  return {
    async request(method, path, body, key): Promise<Reply> {
      const { url, token } = account();
      const answer = await requestUrl({
        url: `${url}${path}`,
        method,
        throw: false,
        headers: {
          accept: ACCEPT,
          authorization: `Bearer ${token}`,
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body), contentType: 'application/json' }),
      });
      const type = headerOf(answer.headers, 'content-type');
      const isPacked = type.startsWith(PACKED);
      const isJson = isPacked || /\bjson\b/.test(type);
      const date = Date.parse(headerOf(answer.headers, 'date'));
      return {
        status: answer.status,
        json: isPacked ? await unpacked(answer.arrayBuffer) : isJson ? (answer.json as unknown) : undefined,
        bytes: isJson ? NONE : new Uint8Array(answer.arrayBuffer),
        ...(Number.isNaN(date) ? {} : { date }),
      };
    },
    socket(path, protocols, events) {
      const { url } = account();
      const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${path}`, [...protocols]);
      let isOver = false;
      socket.onopen = () => events.opened();
      socket.onmessage = ({ data }) => {
        if (!isOver) events.heard(String(data));
      };
      socket.onclose = ({ code }) => {
        if (isOver) return;
        isOver = true;
        events.closed(code);
      };
      return {
        send: (text) => socket.send(text),
        close() {
          isOver = true;
          socket.close();
        },
      };
    },
  };
}

/** What is large comes packed, where this device can unpack it. */
const PACKED = 'application/gzip';
const ACCEPT = 'DecompressionStream' in window ? `application/json, ${PACKED}, */*` : '*/*';

const unpacked = (bytes: ArrayBuffer): Promise<unknown> =>
  new Response(new Response(bytes).body!.pipeThrough(new DecompressionStream('gzip'))).json();

const NONE = new Uint8Array();

const headerOf = (headers: Record<string, string>, name: string): string => {
  const found = Object.keys(headers).find((key) => key.toLowerCase() === name);
  return found === undefined ? '' : headers[found]!;
};
