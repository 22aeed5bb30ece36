/** The organisation's transparency log: checkpoint, tiles (c2sp.org/tlog-tiles) and RFC 6962 proofs, for any person of the organisation. */
import * as z from 'zod';
import { base64 } from '../../shared/kernel/bytes.ts';
import type { Caller } from '../../shared/kernel/command.ts';
import { refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { entryBundle, parseTilePath, tileExists, TILE_WIDTH, type Tile } from '../../shared/proof/tiles.ts';
import { sizeOf } from '../evidence/signed-size.ts';
import { bytes, json } from './answers.ts';
import type { Asked, Route } from './route.ts';
import { position } from './shapes.ts';
import type { Site } from './site.ts';

const hashes = z.array(z.string().meta({ description: 'base64' }));
const common = { method: 'get', group: 'log' } as const;

export const logRoutes: readonly Route[] = [
  {
    ...common,
    path: '/v1/log/checkpoint',
    title: 'The latest signed checkpoint',
    answers: { 200: { description: 'C2SP checkpoint', contentType: 'text/plain', schema: z.string() } },
    refusals: ['role-not-allowed', 'not-found'],
    handle: people(async ({ site, caller }) => {
      const note = await site.ledger.checkpoint(caller.org);
      return note === undefined ? nothing : bytes(note, 'text/plain; charset=utf-8');
    }),
  },
  {
    ...common,
    path: '/v1/log/tile/{tile+}',
    title: 'A tile of hashes, or a bundle of entries',
    description: '`L/N[.p/W]` or `entries/N[.p/W]`. Entries only for roles that may read each of them.',
    answers: { 200: { description: 'Tile', contentType: 'application/octet-stream' } },
    refusals: ['role-not-allowed', 'not-found'],
    handle: people(tile),
  },
  {
    ...common,
    path: '/v1/log/proof/inclusion',
    title: 'Proof that an entry is in the log',
    query: z.strictObject({ seq: position.min(1), size: position.min(1).optional() }),
    answers: {
      200: {
        description: 'RFC 6962 audit path, from the sibling of the leaf up',
        schema: z.object({
          seq: z.number(),
          index: z.number(),
          size: z.number(),
          leafHash: z.string(),
          hashes,
          checkpoint: z
            .string()
            .nullable()
            .meta({ description: 'The signed checkpoint of exactly this size, if one was signed' }),
        }),
      },
    },
    refusals: ['invalid-input', 'role-not-allowed', 'not-found'],
    handle: people(inclusion),
  },
  {
    ...common,
    path: '/v1/log/proof/consistency',
    title: 'Proof that the log only grew',
    query: z.strictObject({ from: position.min(1), to: position.min(1).optional() }),
    answers: {
      200: { description: 'RFC 6962 consistency path', schema: z.object({ from: z.number(), to: z.number(), hashes }) },
    },
    refusals: ['invalid-input', 'role-not-allowed', 'not-found'],
    handle: people(consistency),
  },
];

type Handle = Route['handle'];

/** Hashes give nothing away, but they are no business of machines that deliver. */
function people(handle: Handle): Handle {
  return async (asked) =>
    asked.caller.kind === 'user'
      ? handle(asked)
      : refuse('role-not-allowed', 'The log is for people. Use a token of a person.');
}

const nothing = refuse('not-found', 'The log does not reach that far.');

async function signedSize(site: Site, org: string): Promise<number> {
  const note = await site.ledger.checkpoint(org);
  return note === undefined ? 0 : sizeOf(note);
}

async function tile({ site, caller, params }: Asked): Promise<Response | Refusal> {
  const wanted = parseTilePath(`tile/${params['tile']!}`);
  if (!wanted || !tileExists(wanted, await signedSize(site, caller.org))) return nothing;
  const content = wanted.entries ? await entries(site, caller, wanted) : await hashTile(site, caller.org, wanted);
  if (!(content instanceof Uint8Array)) return content;
  // A tile never changes; the answer still depends on who asks.
  return bytes(content, 'application/octet-stream', { 'cache-control': 'private, max-age=31536000, immutable' });
}

async function hashTile({ ledger }: Site, org: string, { level, n, width }: Tile): Promise<Uint8Array> {
  const nodes = Array.from({ length: width }, (_, i) => ledger.node(org, 8 * level, n * TILE_WIDTH + i));
  return Buffer.concat(await Promise.all(nodes));
}

async function entries({ ledger, feed }: Site, caller: Caller, { n, width }: Tile): Promise<Uint8Array | Refusal> {
  const first = n * TILE_WIDTH;
  for (const event of await ledger.events(caller.org, first, width)) {
    if (!(await feed.sees(caller, event)))
      return refuse(
        'role-not-allowed',
        'Your role may not read every entry of this bundle. Ask for proofs of single entries.',
      );
  }
  return entryBundle((await ledger.leaves(caller.org, first + 1, first + width)).map(({ leaf }) => leaf));
}

async function inclusion({ site, caller, query }: Asked): Promise<Response | Refusal> {
  const { ledger } = site;
  const head = await signedSize(site, caller.org);
  const { seq, size = head } = query as { seq: number; size?: number };
  if (size > head || seq > size) return nothing;
  const note = await ledger.checkpoint(caller.org, size);
  return json({
    seq,
    index: seq - 1,
    size,
    leafHash: base64(await ledger.node(caller.org, 0, seq - 1)),
    hashes: (await ledger.inclusion(caller.org, seq, size)).map(base64),
    checkpoint: note !== undefined && sizeOf(note) === size ? note : null,
  });
}

async function consistency({ site, caller, query }: Asked): Promise<Response | Refusal> {
  const head = await signedSize(site, caller.org);
  const { from, to = head } = query as { from: number; to?: number };
  if (to > head || from > to) return nothing;
  return json({ from, to, hashes: (await site.ledger.consistency(caller.org, from, to)).map(base64) });
}
