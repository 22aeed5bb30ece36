/** `POST /v1/sync/commands`: what a device recorded, in its order. Each command gets an outcome of its own, kept for ever. */
import { canonicalBytes, type Json } from '../../shared/kernel/canonical.ts';
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import type { Caller, Command, Outcome } from '../../shared/kernel/command.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { BatchAnswer, CommandBatch, DeviceCommand, type CommandOutcome } from '../../shared/sync/messages.ts';
import { json } from './answers.ts';
import { jsonOf } from './body.ts';
import { parsedBy } from './parsed.ts';
import { problemOf } from './problem.ts';
import type { Asked, Route } from './route.ts';
import type { Site } from './site.ts';
import { troubleOf } from '../fault.ts';

const LIMIT = 2 * 1024 * 1024;

export const syncRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/v1/sync/commands',
    group: 'sync',
    title: 'Commands of a device',
    description: 'At most 50, in the order of the device. A refused command is an outcome, never a failed batch.',
    body: { contentType: 'application/json', schema: CommandBatch, required: true },
    answers: { 200: { description: 'One outcome each, in the same order', schema: BatchAnswer } },
    refusals: ['malformed-json', 'invalid-input', 'invalid-text', 'too-large', 'unsupported-media-type'],
    handle: take,
  },
];

async function take({ c, site, caller }: Asked): Promise<Response | Refusal> {
  const batch = parsedBy(CommandBatch, await jsonOf(c, LIMIT));
  if (isRefusal(batch)) return batch;
  const { requestId } = c.var;
  const asked = batch.commands.map((given) => ({
    id: given.id,
    command: commandOf(site, caller, batch.deviceId, given),
  }));
  // One transact each: a command that meets a fault must not take the others with it. The queue keeps their order.
  const answers = await Promise.allSettled(
    asked.map(async ({ command }) => (isRefusal(command) ? command : (await site.ledger.transact([command]))[0]!)),
  );
  const faults = answers.filter((answer) => answer.status === 'rejected');
  for (const { reason } of faults) if (faults.length === answers.length) throw reason;
  const outcomes = answers.map((answer, i): CommandOutcome => {
    const { id } = asked[i]!;
    if (answer.status === 'fulfilled') return outcomeOf(id, answer.value, requestId);
    site.log.error({ requestId, command: id, err: answer.reason as unknown }, 'fault');
    return outcomeOf(id, troubleOf(answer.reason), requestId);
  });
  return json({ outcomes, head: await site.ledger.head(caller.org) });
}

function commandOf(
  site: Site,
  caller: Caller,
  device: string,
  given: Readonly<Record<string, unknown>>,
): Command | Refusal {
  const parsed = parsedBy(DeviceCommand, { json: given });
  if (isRefusal(parsed)) return parsed;
  const entry = site.register.commands.get(parsed.type);
  if (!entry || entry.word.internal) return refuse('not-found', `There is no command ${parsed.type}.`);
  if (entry.word.mints)
    return refuse('invalid-input', `${parsed.type} answers with a secret that is shown once: ask for it over HTTP.`);
  const { sig: _sig, ...asked } = given;
  return {
    id: parsed.id,
    org: caller.org,
    type: parsed.type,
    subject: { kind: entry.feature.kind, id: parsed.subject },
    input: parsed.body,
    caller,
    device,
    occurredAt: parsed.occurredAt,
    recordedAt: parsed.occurredAt,
    askedSha256: sha256Hex(canonicalBytes(asked as Json)),
    keepRefusal: true,
  };
}

function outcomeOf(id: string, answer: Outcome | Refusal, requestId: string): CommandOutcome {
  if (isRefusal(answer)) return rejected(id, answer, requestId);
  if (answer.outcome === 'rejected') return rejected(id, answer.refusal, requestId);
  const seq = answer.seqs.at(-1);
  return { id, outcome: answer.outcome, ...(seq === undefined ? {} : { seq }), flags: [] };
}

const rejected = (id: string, refusal: Refusal, requestId: string): CommandOutcome => ({
  id,
  outcome: 'rejected',
  flags: [],
  problem: problemOf(refusal, requestId) as CommandOutcome['problem'],
});
