/** A sender that replays what a real one sent, byte for byte, with the headers that it had. */
import { createHash } from 'node:crypto';
import { apiOf, type Api } from './api.ts';
import { recording } from './fixtures.ts';

export interface Receipt {
  readonly status: 'accepted' | 'duplicate' | 'ignored' | 'coalesced';
  readonly deliveryId: string;
  readonly results: readonly { readonly condition: string; readonly kind: string; readonly status: string }[];
  readonly warnings: readonly string[];
}

export interface Sender {
  readonly id: string;
  readonly token: string;
  /** The answer as it comes. */
  send(fixture: string): Promise<Response>;
  /** Demands a 202. */
  deliver(fixture: string): Promise<Receipt>;
  /** The same for a body of the test's own. */
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Receipt>;
}

/** Of the connection they came over, not of the message. */
const HOP = ['host', 'connection', 'content-length', 'authorization'];

export async function connectSender(url: string, admin: Api, kind: string, more: object = {}): Promise<Sender> {
  const made = await admin.post<{ id: string; token: string }>('/v1/integrations', {
    kind,
    name: `A ${kind}`,
    ...more,
  });
  return senderAt(url, made.id, made.token);
}

export function senderAt(url: string, id: string, token: string): Sender {
  const api = apiOf(url, token);
  const path = `/v1/ingest/${id}`;
  const send = (fixture: string) => {
    const { body, headers } = recording(fixture);
    const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP.includes(name.toLowerCase())));
    return api.ask('POST', path, new TextEncoder().encode(body), kept);
  };
  const accepted = async (response: Response): Promise<Receipt> => {
    const text = await response.text();
    if (response.status !== 202) throw new Error(`The delivery was answered with ${response.status}: ${text}`);
    return JSON.parse(text) as Receipt;
  };
  return {
    id,
    token,
    send,
    deliver: async (fixture) => accepted(await send(fixture)),
    post: async (body, headers = {}) =>
      accepted(
        await api.ask('POST', path, new TextEncoder().encode(JSON.stringify(body)), {
          'content-type': 'application/json',
          ...headers,
        }),
      ),
  };
}

export const sha256Of = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
