/** What is read from a delivery: the adapter's transitions, with what the server knows beside the message. */
import type { ConditionState, Transition } from '../../shared/features/alarms/contract.ts';
import type { IntegrationState } from '../../shared/features/integrations/contract.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import { select } from '../../shared/kernel/read.ts';
import { isRefusal, type Refusal } from '../../shared/kernel/refusal.ts';
import { utc } from '../../shared/kernel/schema.ts';
import type { Reading } from './adapter.ts';
import { ADAPTERS } from './adapters.ts';

export interface Raw {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly receivedAt: string;
}

/** What the sender may be ahead of our clock. */
const AHEAD_MS = 5 * 60_000;
const MOST_LOST = 1000;

export function readDelivery(integration: IntegrationState, raw: Raw): Reading | Refusal {
  const { kind, area, mapping } = integration;
  const reading = ADAPTERS[kind]({ ...raw, area, ...(mapping ? { mapping } : {}) });
  if (isRefusal(reading)) return reading;
  return { ...reading, transitions: reading.transitions.map((one) => unexplained(one, integration)) };
}

/** A time that is still to come is taken as the time of receipt, and its sender is told. */
export function inOurTime(reading: Reading, receivedAt: string): Reading {
  const latest = utc(Date.parse(receivedAt) + AHEAD_MS);
  const early = reading.transitions.filter(({ at }) => at > latest).length;
  if (!early) return reading;
  return {
    ...reading,
    transitions: reading.transitions.map((one) => (one.at > latest ? { ...one, at: receivedAt } : one)),
    warnings: [
      ...reading.warnings.slice(0, 19),
      `${early} time(s) lay more than 5 minutes ahead and were taken as now. Set the sender's clock.`,
    ],
  };
}

/** While nothing was heard of a sender, a clear that it does not explain may be its own death. */
const unexplained = (transition: Transition, { troubles }: IntegrationState): Transition =>
  transition.kind === 'cleared' && transition.clearCause !== 'condition' && troubles.silence !== undefined
    ? { ...transition, clearCause: 'source_lost' }
    : transition;

/** The active conditions of a source that has died: returned to normal because nobody watches them any more. */
export async function lostOf(
  ledger: Ledger,
  org: string,
  integration: string,
  prefixes: readonly string[],
  at: string,
): Promise<readonly Transition[]> {
  if (!prefixes.length) return [];
  const active = await ledger.load(org, select<ConditionState>('alarms', { where: { active: 1 } }));
  return active
    .filter(
      ({ value }) =>
        value.integration === integration && prefixes.some((prefix) => value.conditionKey.startsWith(prefix)),
    )
    .slice(0, MOST_LOST)
    .map(({ value }) => ({
      conditionKey: value.conditionKey,
      occurrenceKey: value.keys.at(-1) ?? null,
      messageKey: null,
      kind: 'cleared',
      clearCause: 'source_lost',
      severity: value.severity || 'none',
      priority: value.priority,
      class: 'maintenance',
      at: value.activeSince !== null && value.activeSince > at ? value.activeSince : at,
      area: value.area,
      equipment: value.equipment,
      title: value.title,
      text: null,
      value: null,
      unit: null,
      links: [],
    }));
}
