/** Bytes to and from the server through Obsidian's `requestUrl`. */
import { requestUrl } from 'obsidian';
import type { SendBytes } from '../evidence/ports.ts';
import type { Account } from './link.ts';

export const fileLink =
  (account: () => Account): SendBytes =>
  async (method, path, headers = {}, body) => {
    const { url, token } = account();
    const { 'content-type': contentType, ...others } = headers;
    const answer = await requestUrl({
      url: `${url}${path}`,
      method,
      throw: false,
      headers: { ...others, authorization: `Bearer ${token}` },
      ...(contentType === undefined ? {} : { contentType }),
      // A view of a part of a file must not send the whole of it.
      ...(body ? { body: body.slice().buffer } : {}),
    });
    const told = Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
    return { status: answer.status, headers: Object.fromEntries(told), bytes: new Uint8Array(answer.arrayBuffer) };
  };
