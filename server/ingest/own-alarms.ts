/** What the server itself notices about a sender: an alarm like any other, with a delivery that says where it comes from. */
import type { Transition } from '../../shared/features/alarms/contract.ts';
import type { Trouble } from '../../shared/features/integrations/contract.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import type { Caller, Command } from '../../shared/kernel/command.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { utc } from '../../shared/kernel/schema.ts';
import type { Known } from './authenticate.ts';
import { recordDelivery, type Means } from './receive.ts';

/** Those that somebody must see to at once; the others are events of the integration alone. */
const ALARMS: Readonly<Partial<Record<Trouble, (name: string) => string>>> = {
  silence: (name) => `No data from ${name}`,
  forged: (name) => `Forged messages for ${name}`,
};

const engine = (org: string): Caller => ({ kind: 'engine', id: 'intake', org, areas: [] });

export interface Noticed {
  readonly trouble: Trouble;
  readonly since: string;
  readonly detail: string;
}

/** The alarm first: whoever looks again after a crash in between raises the same one. */
export async function noteTrouble(means: Means, known: Known, noticed: Noticed): Promise<void> {
  await say(means, known, noticed, 'active');
  await means.ledger.transact([commandOf(means, known, 'noteTrouble', { ...noticed })]);
}

export async function noteRelief(means: Means, known: Known, trouble: Trouble, detail: string): Promise<void> {
  const since = known.state.troubles[trouble];
  if (since === undefined) return;
  await say(means, known, { trouble, since, detail }, 'cleared');
  await means.ledger.transact([commandOf(means, known, 'noteRelief', { trouble, detail })]);
}

const commandOf = (means: Means, { org, id }: Known, verb: string, input: unknown): Command => ({
  id: uuidV7(means.now(), means.random(10)),
  org,
  type: `integrations.${verb}`,
  subject: { kind: 'integration', id },
  input,
  caller: engine(org),
});

async function say(
  means: Means,
  { org, id, state }: Known,
  { trouble, since, detail }: Noticed,
  kind: 'active' | 'cleared',
): Promise<void> {
  const title = ALARMS[trouble]?.(state.name).slice(0, 300);
  if (title === undefined) return;
  const receivedAt = utc(means.now());
  const transition: Transition = {
    conditionKey: `integration/${id}/${trouble}`,
    occurrenceKey: `integration/${id}/${trouble}@${since}`,
    messageKey: null,
    kind,
    clearCause: kind === 'cleared' ? 'condition' : null,
    severity: 'high',
    priority: 'P2',
    class: 'maintenance',
    at: receivedAt,
    area: state.area,
    equipment: null,
    title,
    text: detail,
    value: null,
    unit: null,
    links: [],
  };
  await recordDelivery(means, engine(org), {
    integration: id,
    headers: { 'content-type': 'application/json' },
    body: utf8(JSON.stringify({ noticed: trouble, state: kind, title, text: detail, since, at: receivedAt })),
    area: state.area,
    receivedAt,
    reading: { transitions: [transition], warnings: [] },
    delivery: uuidV7(means.now(), means.random(10)),
    via: 'the server itself',
  });
}
