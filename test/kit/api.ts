/** A script's view of the server: JSON over HTTP with one person's token. */
export interface Api {
  get<T = Answer>(path: string): Promise<T>;
  post<T = Answer>(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<T>;
  /** The answer as it comes, refusals too. */
  ask(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

/** An entity, list or problem; members are checked by whoever reads them. */
export type Answer = Readonly<Record<string, never>> & { readonly id: string; readonly ref: string };

export function apiOf(url: string, token: string): Api {
  const ask: Api['ask'] = (method, path, body, headers = {}) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body) }),
    });
  const must = async (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => {
    const response = await ask(method, path, body, headers);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as never;
  };
  return {
    ask,
    get: (path) => must('GET', path),
    post: (path, body = {}, headers) => must('POST', path, body, headers),
  };
}
