/** requestUrl as the app has it: no CORS (Node makes the request), an error from 400 on unless `throw: false`. */
import { fromBase64, toBase64 } from './disk.ts';

export interface RequestUrlParam {
  url: string;
  method?: string;
  contentType?: string;
  body?: string | ArrayBuffer;
  headers?: Record<string, string>;
  throw?: boolean;
}

/** What crosses the bridge to Node, see `requests.ts`. */
export interface WireRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
}
export type WireResponse =
  | { readonly status: number; readonly headers: Record<string, string>; readonly body: string }
  | { readonly error: string };

declare global {
  interface Window {
    __operaryRequest(request: WireRequest): Promise<WireResponse>;
  }
}

interface Response {
  status: number;
  headers: Record<string, string>;
  arrayBuffer: ArrayBuffer;
  readonly text: string;
  readonly json: unknown;
}

export function requestUrl(
  param: RequestUrlParam | string,
): Promise<Response> & Record<'text' | 'json' | 'arrayBuffer', Promise<unknown>> {
  const answer = send(typeof param === 'string' ? { url: param } : param);
  const part = (name: 'text' | 'json' | 'arrayBuffer') => ({ get: () => answer.then((response) => response[name]) });
  void Object.defineProperties(answer, { text: part('text'), json: part('json'), arrayBuffer: part('arrayBuffer') });
  return answer as ReturnType<typeof requestUrl>;
}

export async function request(param: RequestUrlParam | string): Promise<string> {
  return (await requestUrl(param)).text;
}

async function send(param: RequestUrlParam): Promise<Response> {
  const headers = { ...param.headers };
  if (param.contentType) headers['Content-Type'] = param.contentType;
  const body = typeof param.body === 'string' ? new TextEncoder().encode(param.body) : param.body;
  // The device's own radio is off: Node would still reach the server.
  if (!navigator.onLine) throw new Error('net::ERR_INTERNET_DISCONNECTED');
  const wire = await window.__operaryRequest({
    url: param.url,
    method: (param.method ?? 'GET').toUpperCase(),
    headers,
    body: body === undefined ? null : toBase64(new Uint8Array(body)),
  });
  if ('error' in wire) throw new Error(wire.error);
  const bytes = fromBase64(wire.body);
  const response: Response = {
    status: wire.status,
    headers: wire.headers,
    arrayBuffer: bytes.buffer as ArrayBuffer,
    get text() {
      return new TextDecoder().decode(bytes);
    },
    get json() {
      return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
    },
  };
  if (wire.status >= 400 && param.throw !== false) {
    throw Object.assign(new Error(`Request failed, status ${wire.status}`), {
      status: wire.status,
      headers: wire.headers,
    });
  }
  return response;
}
