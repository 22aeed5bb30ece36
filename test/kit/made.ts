/** What devices bring to the door: `device('tablet').observed(n).does(task('pump').complete({…})).by(marek)`, numbered without gaps. */
import { deviceCommandOf } from '../../server/http/device-command.ts';
import type { Command, Outcome } from '../../shared/kernel/command.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import type { Asked } from './ask.ts';
import { callerOf, type Person } from './people.ts';
import type { Plant } from './plant.ts';

/** Where a story differs from a device whose clock is right and whose numbers are in order. */
export interface How {
  /** The device's own time; when it brings it, unless said otherwise. */
  readonly at?: string;
  /** Device clock minus server clock, in milliseconds; null: never measured. */
  readonly offset?: number | null;
  readonly shift?: string;
  readonly number?: number;
  readonly id?: string;
}

export interface MadeAsked {
  readonly device: string;
  readonly id: string;
  readonly number: number;
  readonly observed: number;
  readonly asked: Asked;
  readonly how: How;
  readonly by: Person;
}

export interface Device {
  readonly id: string;
  readonly observed: (seq: number) => {
    readonly does: (asked: Asked, how?: How) => { readonly by: (person: Person) => MadeAsked };
  };
}

export function device(name: string): Device {
  const id = derivedId('test', 'device', name);
  let last = 0;
  const made = (observed: number, asked: Asked, how: How, by: Person): MadeAsked => {
    const number = how.number ?? ++last;
    return { device: id, id: how.id ?? derivedId(id, String(++ids)), number, observed, asked, how, by };
  };
  let ids = 0;
  return {
    id,
    observed: (seq) => ({ does: (asked, how = {}) => ({ by: (person) => made(seq, asked, how, person) }) }),
  };
}

/** What was sent once is the same whenever it is sent again. */
const sent = new WeakMap<MadeAsked, Command>();

export function commandOf(plant: Plant, made: MadeAsked): Command {
  const known = sent.get(made);
  if (known) return known;
  const { asked, how, by } = made;
  const command = deviceCommandOf(plant.register, callerOf(by), made.device, undefined, {
    id: made.id,
    type: asked.type,
    v: 1,
    subject: asked.subject.id,
    body: asked.input,
    deviceSeq: made.number,
    observedSeq: made.observed,
    occurredAt: how.at ?? plant.now(),
    tz: 'Europe/London',
    clockOffsetMs: how.offset === undefined ? 0 : how.offset,
    ...(how.shift === undefined ? {} : { shift: how.shift }),
  });
  if (isRefusal(command)) throw new Error(`${asked.type} is no command of a device: ${command.detail}`);
  sent.set(made, command);
  return command;
}

/** One batch, in this order; the policies follow. */
export async function bring(plant: Plant, ...made: readonly MadeAsked[]): Promise<readonly Outcome[]> {
  const outcomes = await plant.ledger.transact(made.map((one) => commandOf(plant, one)));
  await plant.settle();
  return outcomes;
}

export const flagsOf = (outcome: Outcome | undefined): readonly string[] =>
  outcome && 'flags' in outcome ? (outcome.flags ?? []) : [];
