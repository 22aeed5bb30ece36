/** `/v1/sync`: what a device recorded, in its order; each command gets an outcome of its own, kept for ever. And its sign of life. */
import type { Command, Outcome } from '../../shared/kernel/command.ts';
import type { SignOfLife } from '../../shared/kernel/device.ts';
import { FLAGS, needsALook } from '../../shared/kernel/flags.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import { isRefusal, type Refusal } from '../../shared/kernel/refusal.ts';
import { utc } from '../../shared/kernel/schema.ts';
import {
  BatchAnswer,
  CommandBatch,
  FlagList,
  Hello,
  HelloAnswer,
  type CommandOutcome,
  type Standing,
} from '../../shared/sync/messages.ts';
import { troubleOf } from '../fault.ts';
import { json } from './answers.ts';
import { BODY_REFUSALS, jsonOf } from './body.ts';
import { deviceCommandOf, standingOf } from './device-command.ts';
import { parsedBy } from './parsed.ts';
import { problemOf } from './problem.ts';
import type { Asked, Route } from './route.ts';
import type { Site } from './site.ts';

const LIMIT = 2 * 1024 * 1024;

export const syncRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/v1/sync/commands',
    group: 'sync',
    title: 'Commands of a device',
    description:
      'At most 50, in the order of the device. Each is judged by what the device had seen (`observedSeq`): what happened meanwhile flags it and never refuses it. A refused command is an outcome, never a failed batch.',
    body: { contentType: 'application/json', schema: CommandBatch, required: true },
    answers: { 200: { description: 'One outcome each, in the same order', schema: BatchAnswer } },
    refusals: BODY_REFUSALS,
    handle: take,
  },
  {
    method: 'post',
    path: '/v1/sync/hello',
    group: 'sync',
    title: 'Sign of life of a device',
    description:
      'Tells what waits on the device, so that a seal can name it; answers what a device needs to know itself and its clock.',
    body: { contentType: 'application/json', schema: Hello, required: true },
    answers: { 200: { description: 'Time, head, and how the device stands', schema: HelloAnswer } },
    refusals: BODY_REFUSALS,
    handle: greet,
  },
  {
    method: 'get',
    path: '/v1/sync/flags',
    group: 'sync',
    title: 'What the flags of outcomes mean',
    answers: { 200: { description: 'Every flag, what it says, what to do', schema: FlagList } },
    refusals: [],
    handle: async () =>
      json({
        items: Object.entries(FLAGS).map(([flag, { says, do: cure, look }]) => ({ flag, says, do: cure, look })),
      }),
  },
];

async function take({ c, site, caller }: Asked): Promise<Response | Refusal> {
  const batch = parsedBy(CommandBatch, await jsonOf(c, LIMIT));
  if (isRefusal(batch)) return batch;
  const { requestId } = c.var;
  const { deviceId, commands } = batch;
  const outcomes: CommandOutcome[] = [];
  let faults = 0;
  // One after the other: the first may pair the device that signed the second.
  for (const given of commands) {
    try {
      const standing = await standingOf(site.ledger, site.register, caller.org, deviceId);
      const command = deviceCommandOf(site.register, caller, deviceId, standing, given);
      const outcome = outcomeOf(given.id, isRefusal(command) ? command : await asked(site, command), requestId);
      outcomes.push(outcome);
      if (outcome.flags.includes('device_forked') && !isRefusal(command)) await noteFork(site, command);
    } catch (error) {
      faults += 1;
      site.log.error({ requestId, command: given.id, err: error }, 'fault');
      if (faults === commands.length) throw error;
      outcomes.push(outcomeOf(given.id, troubleOf(error), requestId));
    }
  }
  const settled = outcomes.filter(({ problem }) => (problem?.status ?? 0) < 500).length;
  const { lastDeviceSeq, outboxDepth } = batch;
  const said = {
    ...(lastDeviceSeq === undefined ? {} : { lastDeviceSeq }),
    ...(outboxDepth === undefined ? {} : { outboxDepth: Math.max(0, outboxDepth - settled) }),
  };
  await spoke(site, { device: deviceId, user: caller.id, ...said }, caller.org);
  const head = await site.ledger.head(caller.org);
  return json({ outcomes, head, instance: site.instance, standing: await standingWord(site, caller.org, deviceId) });
}

const asked = async ({ ledger }: Site, command: Command): Promise<Outcome> => (await ledger.transact([command]))[0]!;

/** Once for each number that came twice; a device that was never paired has no stream to record it in. */
async function noteFork({ ledger, register: { devices } }: Site, { org, device, made }: Command): Promise<void> {
  if (!devices?.forks || !device || !made || !(await ledger.stream(org, devices.kind, device))) return;
  const { deviceSeq } = made;
  await ledger.transact([
    {
      id: derivedId('fork', org, device, String(deviceSeq)),
      org,
      type: `${devices.name}.${devices.forks}`,
      subject: { kind: devices.kind, id: device },
      input: { deviceSeq },
      caller: { kind: 'engine', id: 'sync', org, areas: [] },
    },
  ]);
}

async function greet({ c, site, caller }: Asked): Promise<Response | Refusal> {
  const hello = parsedBy(Hello, await jsonOf(c));
  if (isRefusal(hello)) return hello;
  const { deviceId: device, lastDeviceSeq, outboxDepth } = hello;
  await spoke(site, { device, user: caller.id, lastDeviceSeq, outboxDepth }, caller.org);
  const [head, standing] = [await site.ledger.head(caller.org), await standingWord(site, caller.org, device)];
  return json({ now: utc(site.clock.now()), head, instance: site.instance, standing });
}

const spoke = ({ ledger, clock }: Site, said: Omit<SignOfLife, 'at'>, org: string): Promise<void> =>
  ledger.contact(org, { ...said, at: utc(clock.now()) });

async function standingWord({ ledger, register }: Site, org: string, device: string): Promise<Standing> {
  const standing = await standingOf(ledger, register, org, device);
  if (!standing) return 'unpaired';
  if (standing.isWrittenOff) return 'written-off';
  return standing.isForked ? 'forked' : 'active';
}

function outcomeOf(id: string, answer: Outcome | Refusal, requestId: string): CommandOutcome {
  const problem = (refusal: Refusal): Pick<CommandOutcome, 'problem'> => ({
    problem: problemOf(refusal, requestId) as CommandOutcome['problem'],
  });
  if (isRefusal(answer)) return { id, outcome: 'rejected', flags: [], ...problem(answer) };
  if (answer.outcome === 'rejected') return { id, outcome: 'rejected', flags: [], ...problem(answer.refusal) };
  const seq = answer.seqs.at(-1);
  const at = seq === undefined ? {} : { seq };
  if (answer.outcome === 'held') return { id, outcome: 'held', flags: [], ...at, ...problem(answer.refusal) };
  const flags = [...(answer.flags ?? [])];
  const outcome = answer.outcome === 'accepted' && needsALook(flags) ? 'flagged' : answer.outcome;
  return { id, outcome, ...at, flags };
}
