/** One route for every command of the register: a creating one is `POST /v1/NAME`, every other verb `POST /v1/NAME/{id}/VERB`. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { canonicalBytes, type Json } from '../../shared/kernel/canonical.ts';
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import type { Command, Outcome } from '../../shared/kernel/command.ts';
import type { CommandWord, Feature } from '../../shared/kernel/feature.ts';
import { derivedId, uuidV7 } from '../../shared/kernel/ids.ts';
import { refuseIssues } from '../../shared/kernel/issues.ts';
import type { Stream } from '../../shared/kernel/ledger.ts';
import type { CommandEntry } from '../../shared/kernel/register.ts';
import { Fault, isRefusal, refuse, type Refusal, type RefusalCode } from '../../shared/kernel/refusal.ts';
import { forbids, mayAtAll } from '../../shared/kernel/roles.ts';
import { json } from './answers.ts';
import { BODY_REFUSALS, jsonOf, type Body } from './body.ts';
import { entityOf, shownBy, foldOf, streamOf } from './entity.ts';
import { mint, NOT_AGAIN, type Minted } from './minted.ts';
import type { Answer, Asked, Route } from './route.ts';
import { entitySchema, withSecret } from './shapes.ts';
import type { Site } from './site.ts';

type Accepted = Extract<Outcome, { subject: unknown }>;

const REFUSALS: readonly RefusalCode[] = [
  ...BODY_REFUSALS,
  'role-not-allowed',
  'outside-your-area',
  'not-found',
  'idempotency-key-reused',
];

export function commandRoutes(site: Site): Route[] {
  return site.register.features.flatMap((feature) => {
    const words = Object.entries(feature.commands).filter(([, word]) => !word.internal);
    const first = words.find(([, word]) => word.creates)?.[0];
    return words.map(([verb, word]) =>
      routeOf({ type: `${feature.name}.${verb}`, verb, word, feature }, verb === first),
    );
  });
}

function routeOf(entry: CommandEntry, isFirst: boolean): Route {
  const { feature, verb, word } = entry;
  const made = word.creates !== undefined;
  const base = `/v1/${feature.name}`;
  const answer: Answer = {
    description: made ? `The new ${feature.kind}` : `The ${feature.kind} after it`,
    schema: withSecret(entitySchema(feature), word),
  };
  return {
    method: 'post',
    path: made || word.names ? (isFirst ? base : `${base}/${kebab(verb)}`) : `${base}/{id}/${kebab(verb)}`,
    group: feature.name,
    title: word.title,
    description: `Permission \`${word.permission}\`.`,
    idempotent: true,
    body: { contentType: 'application/json', schema: word.input, required: !word.input.safeParse({}).success },
    answers: made ? { 201: answer } : { 200: answer },
    refusals: made ? REFUSALS : [...REFUSALS, 'transition-not-allowed'],
    handle: (asked) => perform(asked, entry, base),
  };
}

export const kebab = (verb: string): string => verb.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

async function perform(asked: Asked, entry: CommandEntry, base: string): Promise<Response | Refusal> {
  const { site, caller, c } = asked;
  const { feature, word } = entry;
  const key = c.req.header('idempotency-key');
  if (key !== undefined && !/^[\x20-\x7e]{1,255}$/.test(key)) return badKey;
  const body = await jsonOf(c);
  if (isRefusal(body)) return body;
  const { input, given } = withoutSecret(body.json, word);
  const isFound = !word.creates && !word.names;
  const there = isFound ? await streamOf(site.ledger, caller.org, feature, asked.params['id']!) : undefined;
  const id = word.names?.(input, caller) ?? (word.creates ? fresh(site) : there?.id);
  if (!id) return refuse('not-found', `There is no ${feature.kind} with this id in your organisation.`);
  const shownAt = shownBy(site, caller.org, c.req.url);
  // Nothing is made for whoever may not ask.
  const forbidden = word.mints && !mayAtAll(caller, word.permission) && forbids(caller, word.permission, {});
  if (forbidden) return forbidden;
  const minted = mintedFor(asked, entry, { there, given, input, url: site.address ?? shownAt.origin });
  if (isRefusal(minted)) return minted;
  const command: Command = {
    id: key === undefined ? fresh(site) : derivedId('http', caller.org, caller.kind, caller.id, key),
    org: caller.org,
    type: entry.type,
    subject: { kind: feature.kind, id },
    input,
    caller,
    ...(minted ? { minted: minted.told } : {}),
    // A retry cannot know the id that the first attempt was given, so that id is no part of what was asked.
    ...(word.creates ? { askedSha256: askedWithoutId(entry.type, input) } : {}),
  };
  const outcome = await transacted(site, command, minted?.keep);
  if (outcome.outcome === 'rejected') return key === undefined ? outcome.refusal : inWordsOfKeys(outcome.refusal);
  const stream = await streamAfter(site, feature, caller.org, outcome);
  const replayed = outcome.outcome === 'duplicate';
  const entity = entityOf(feature, stream, shownAt);
  const secret = minted && (replayed ? NOT_AGAIN[word.mints!] : minted.shown);
  const snippet =
    minted &&
    feature.credentials?.snippet?.(stream.state, {
      url: String(entity['url']),
      secret: replayed ? null : (minted.secret ?? null),
    });
  return json({ ...entity, ...secret, ...(snippet ? { snippet } : {}) }, word.creates ? 201 : 200, {
    ...(word.creates ? { location: `${base}/${stream.id}` } : {}),
    ...(replayed ? { 'idempotent-replayed': 'true' } : {}),
  });
}

/** A secret that somebody brings is the host's alone: the door never sees it. */
function withoutSecret(
  body: Readonly<Record<string, unknown>>,
  { confides }: CommandWord,
): { readonly input: Readonly<Record<string, unknown>>; readonly given: unknown } {
  if (confides === undefined) return { input: body, given: undefined };
  const { [confides]: given, ...input } = body;
  return { input, given };
}

function mintedFor(
  { caller }: Asked,
  { feature, word }: CommandEntry,
  { there, given, input, url }: { there: Stream | undefined; given: unknown; input: Body['json']; url: string },
): Minted | Refusal | undefined {
  if (!word.mints) return undefined;
  // What is wrong with the rest of the input, the door says.
  const secret = given === undefined ? {} : { [word.confides!]: given };
  const wrong = given === undefined ? undefined : secretError(word, given);
  if (wrong) return wrong;
  const asked = { ...input, ...secret };
  const proof = feature.credentials?.proof?.(asked, there?.state ?? feature.initial);
  if (isRefusal(proof)) return proof;
  return mint(word.mints, { org: caller.org, url, proof, given: given as string | undefined });
}

function secretError({ input, confides }: CommandWord, given: unknown): Refusal | undefined {
  const field = confides!;
  const { error } = z.object({ [field]: input.shape[field] as z.ZodType }).safeParse({ [field]: given });
  return error && refuseIssues(error);
}

/** A secret is kept before the door names it, and forgotten again where the door does not. */
async function transacted(site: Site, command: Command, keep: Minted['keep']): Promise<Outcome> {
  const { org, subject } = command;
  if (keep) site.secrets.put(org, subject.id, keep.name, keep.secret);
  const [outcome] = await site.ledger.transact([command]);
  if (!outcome) throw new Fault('The ledger gave no outcome.');
  if (keep && outcome.outcome !== 'accepted') site.secrets.put(org, subject.id, keep.name, undefined);
  return outcome;
}

/** As the command left it, whatever happened since. */
async function streamAfter(site: Site, feature: Feature, org: string, outcome: Accepted): Promise<Stream> {
  const now = await site.ledger.stream(org, feature.kind, outcome.subject.id);
  const last = outcome.seqs.at(-1);
  if (now && (last === undefined || now.seq === last)) return now;
  const then = foldOf(feature, await site.ledger.history(org, outcome.subject, last));
  if (!then) throw new Fault(`The ${feature.kind} of an accepted command is not in the ledger.`);
  return then;
}

const fresh = (site: Site): string => uuidV7(site.clock.now(), randomBytes(10));

const askedWithoutId = (type: string, body: unknown): string =>
  sha256Hex(canonicalBytes({ type, subject: null, body: body as Json, upstream: null }));

const inWordsOfKeys = (refusal: Refusal): Refusal =>
  refusal.refused === 'command-id-reused'
    ? refuse(
        'idempotency-key-reused',
        'This Idempotency-Key was used before with another request. Give every request a key of its own.',
      )
    : refusal;

const badKey = refuse('invalid-input', 'Idempotency-Key: 1 to 255 printable ASCII characters.', {
  fields: [{ field: 'Idempotency-Key', problem: '1 to 255 printable ASCII characters.' }],
});
