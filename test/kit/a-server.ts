/** A running server for a test: its own data folder, 127.0.0.1, a free port, and short words to talk to it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, type Config } from '../../server/config.ts';
import { demand, foundOrganisation, giveToken } from '../../server/host/founding.ts';
import { createPost } from '../../server/outbound/post.ts';
import { startOperary, type Operary, type Options } from '../../server/main.ts';
import type { Wish } from '../../shared/kernel/policy.ts';
import { memoryBacking } from './memory-backing.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test asserts on the shape of what came back
  readonly body: any;
  readonly bytes: Uint8Array;
}

export interface Ask {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly key?: string;
  readonly headers?: Record<string, string>;
}

export interface Plant {
  readonly org: string;
  readonly slug: string;
  readonly root: string;
  readonly admin: string;
}

export interface AServer extends Operary {
  readonly config: Config;
  readonly lines: readonly string[];
  /** `ask('POST /v1/tasks', {token, body})`. */
  ask(route: string, ask?: Ask): Promise<Answer>;
  plant(slug?: string): Promise<Plant>;
  token(
    plant: Plant,
    role: string,
    more?: { user?: string; areas?: string[]; expiresAt?: string },
  ): Promise<{ token: string; user: string }>;
  /** What only the host may ask, for example a first day. */
  host(plant: Plant, wishes: readonly Wish[]): Promise<void>;
}

export interface Wanted extends Options {
  /** `disk`: SQLite and keys in files. */
  readonly on?: 'memory' | 'disk';
  /** A folder to come back to. */
  readonly data?: string;
  /** Addresses that it may send to beside the open Internet. */
  readonly allow?: readonly string[];
}

export async function aServer({ on = 'memory', data, allow = [], ...options }: Wanted = {}): Promise<AServer> {
  const folder = data ?? mkdtempSync(join(tmpdir(), 'operary-'));
  const lines: string[] = [];
  const config = readConfig({
    OPERARY_PORT: '0',
    OPERARY_DATA: folder,
    OPERARY_ORIGIN: 'test.operary.internal',
    OPERARY_ALLOW_OUTBOUND: allow.join(' '),
  });
  const operary = await startOperary(config, {
    logTo: { write: (line) => void lines.push(line) },
    // No test asks anybody but this machine, whatever addresses it makes up.
    post: createPost({ allow: ['127.0.0.1'], resolve: async () => [] }),
    ...(on === 'memory' ? { backing: memoryBacking() } : {}),
    ...options,
  });
  let made = 0;
  return {
    ...operary,
    config,
    lines,
    ask: (route, ask) => ask_(operary.url, route, ask),
    async plant(slug = `plant-${++made}`) {
      const { org, token, root } = await foundOrganisation(operary.installation, { slug });
      return { org, slug, root, admin: token };
    },
    token: ({ org }, role, { user, areas = [], expiresAt } = {}) =>
      giveToken(operary.installation, { org, role, user, areas, expiresAt }),
    host: ({ org }, wishes) => demand(operary.installation, org, wishes),
    async close() {
      await operary.close();
      if (data === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ask_(url: string, route: string, { token, body, key, headers = {} }: Ask = {}): Promise<Answer> {
  const [method = 'GET', path = '/'] = route.split(' ');
  const raw = body instanceof Uint8Array || typeof body === 'string';
  const response = await fetch(`${url}${path}`, {
    method,
    redirect: 'error',
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body !== undefined && !raw ? { 'content-type': 'application/json' } : {}),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: (raw ? body : JSON.stringify(body)) as BodyInit }),
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text, bytes };
}
