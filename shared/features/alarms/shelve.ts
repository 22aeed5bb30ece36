/** Shelving and taking out of service: what stops an alarm from announcing itself, by whose decision, for how long. */
import type { Ask } from '../../kernel/feature.ts';
import type { Fact } from '../../kernel/event.ts';
import { refuse, type Refusal } from '../../kernel/refusal.ts';
import type { Seen } from './around.ts';
import type { ConditionState, Shelving } from './contract.ts';
import { reviewed } from './verdict.ts';

const HOUR = 3_600_000;
const LONGEST = 12 * HOUR;
/** As long as a line lead is there to answer for it. */
const ONE_SHIFT = 8 * HOUR;

const no = (detail: string): Refusal => refuse('transition-not-allowed', detail);

/** What a person reported has no signal that could be shelved. */
const unlessUsable = (state: ConditionState): Refusal | undefined => {
  if (!state.watched) return no('No machine signals this: acknowledge it, or close its task.');
  if (state.outOfService) return no('This alarm is out of service: return it to service first.');
  return undefined;
};

function unlessTimely(until: string, { now, caller }: Ask): Refusal | undefined {
  const longest = caller.role === 'line_lead' ? ONE_SHIFT : LONGEST;
  const hours = longest / HOUR;
  const away = Date.parse(until) - Date.parse(now);
  const wrong = (detail: string, problem: string) =>
    refuse('invalid-input', detail, { fields: [{ field: '/until', problem }] });
  if (away <= 0) return wrong('The shelving would be over already: say a time to come.', 'Lies in the past');
  if (away <= longest) return undefined;
  return caller.role === 'line_lead'
    ? wrong(`A line lead shelves for one shift, ${hours} hours: ask a supervisor for longer.`, `Over ${hours} hours`)
    : wrong(
        `An alarm is shelved for ${hours} hours at most: shelve it again then, or take it out of service.`,
        `Over ${hours} hours`,
      );
}

/** Four eyes for what is critical. */
const needsTwo = ({ priority, class: of }: ConditionState): boolean => priority === 'P1' || of === 'safety';

export function shelve(
  state: ConditionState,
  ask: Ask<Pick<Shelving, 'until' | 'oneShot'>>,
): readonly Fact[] | Refusal {
  const { until, oneShot } = ask.input;
  const refused = unlessUsable(state) ?? unlessTimely(until, ask);
  if (refused) return refused;
  return [{ type: needsTwo(state) ? 'alarm.shelving_requested' : 'alarm.shelved', body: { until, oneShot } }];
}

export function confirmShelving(state: ConditionState, ask: Ask): readonly Fact[] | Refusal {
  const asked = state.shelvingAsked;
  if (!asked) return no('Nobody has asked to shelve this alarm.');
  if (asked.by === ask.caller.id)
    return refuse(
      'same-person',
      'A critical alarm is shelved by two people: somebody else confirms what you asked for.',
    );
  const { until, oneShot, by, reason } = asked;
  return (
    unlessUsable(state) ??
    unlessTimely(until, ask) ?? [{ type: 'alarm.shelved', body: { until, oneShot, requested: { by, reason } } }]
  );
}

export function unshelve(state: ConditionState, ask: Ask, seen: Seen): readonly Fact[] | Refusal {
  // Whoever thinks better of it takes the request back.
  if (!state.shelved && state.shelvingAsked) return [{ type: 'alarm.shelving_lapsed', body: {} }];
  return state.shelved
    ? [
        { type: 'alarm.unshelved', body: { how: 'person' } },
        ...reviewed(state, ask, seen, 'shelved', { shelved: null }),
      ]
    : no('This alarm is not shelved.');
}

export function takeOutOfService(
  state: ConditionState,
  { input: { permit } }: Ask<{ readonly permit: string }>,
): readonly Fact[] | Refusal {
  const refused = unlessUsable(state);
  if (refused) return refused;
  return [
    ...(state.shelved ? [{ type: 'alarm.unshelved', body: { how: 'out_of_service' } }] : []),
    { type: 'alarm.taken_out_of_service', body: { permit } },
  ];
}

export const returnToService = (state: ConditionState, ask: Ask, seen: Seen): readonly Fact[] | Refusal =>
  state.outOfService
    ? [
        { type: 'alarm.returned_to_service', body: {} },
        ...reviewed(state, ask, seen, 'out_of_service', { outOfService: null }),
      ]
    : no('This alarm is in service.');
