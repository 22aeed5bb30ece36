/** What is decided of a condition: by messages, by people, by the clock. */
import { unlessStored } from '../../kernel/evidence.ts';
import type { Relation } from '../../kernel/event.ts';
import type { Ask, Decide, ReadTable } from '../../kernel/feature.ts';
import { filesAmong } from '../../kernel/read.ts';
import { refuse } from '../../kernel/refusal.ts';
import { reconsider, tick } from './clock.ts';
import type { commands, ConditionState } from './contract.ts';
import { furtherObserveReads, observe, observeReads } from './observe.ts';
import { confirmShelving, returnToService, shelve, takeOutOfService, unshelve } from './shelve.ts';
import { furtherStateReads, stateReads } from './verdict.ts';

export const reads = {
  observe: observeReads,
  report: ({ input }) => ({ files: filesAmong(input.evidence) }),
  tick: stateReads,
  reconsider: stateReads,
  unshelve: stateReads,
  returnToService: stateReads,
} satisfies ReadTable<ConditionState, typeof commands>;

export const further = {
  observe: furtherObserveReads as (ask: Ask, state: ConditionState, seen: never) => ReturnType<typeof stateReads>,
  tick: furtherStateReads,
  reconsider: furtherStateReads,
  unshelve: furtherStateReads,
  returnToService: furtherStateReads,
};

export const decide: Decide<ConditionState, typeof commands, typeof reads> = {
  observe,
  report: (_state, { input, id, subject }, seen) => {
    const { text, area, equipment = null, priority, class: taskClass, evidence } = input;
    const body = {
      occurrence: id(),
      occurrenceKey: null,
      messageKey: null,
      severity: 'reported',
      priority,
      class: taskClass,
      area,
      equipment,
      title: firstSentence(text),
      text,
      value: null,
      unit: null,
      links: [],
      integration: null,
      conditionKey: subject.id,
      ...(evidence.length ? { evidence } : {}),
    };
    return unlessStored(evidence, seen.files) ?? [{ type: 'alarm.reported', body }];
  },
  acknowledge: (state, { input: { observedSeq = Infinity } }) => {
    if (state.begun > observedSeq)
      return refuse('transition-not-allowed', 'Another episode has begun since: look at that one and acknowledge it.');
    return (state.status === 'UNACK' || state.status === 'RTNUN') && state.occurrence
      ? [{ type: 'alarm.acknowledged', body: { occurrence: state.occurrence } }]
      : refuse(
          'transition-not-allowed',
          'There is nothing to acknowledge: the alarm is not active, or somebody has acknowledged it.',
        );
  },
  shelve,
  confirmShelving,
  unshelve,
  takeOutOfService,
  returnToService,
  tick,
  reconsider,
  join: (_state, { input }) => [{ type: 'alarm.joined', ...isPartOf(input, 'part_of') }],
  unjoin: (_state, { input }) => [{ type: 'alarm.unjoined', ...isPartOf(input, 'retracted_from') }],
};

const isPartOf = (
  { occurrence, incident }: { readonly occurrence: string; readonly incident: string },
  rel: Relation,
) => ({
  body: { occurrence, incident },
  upstream: [{ kind: 'incident', id: incident, rel }],
});

/** A title of at most 120 characters from what somebody wrote. */
export function firstSentence(text: string): string {
  const line = text.trim().split('\n')[0]!.trim();
  const sentence = /^.{3,119}?[.!?](?=\s|$)/u.exec(line)?.[0].replace(/[.]$/, '') ?? line;
  return sentence.length <= 120 ? sentence : `${[...sentence].slice(0, 119).join('')}…`;
}
