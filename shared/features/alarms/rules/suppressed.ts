/** Suppression by design: what follows from an active cause asks for nobody. */
import { isWithin } from '../../../kernel/roles.ts';
import type { ConditionState, Suppression } from '../contract.ts';
import type { Rule } from './rule.ts';

type Thing = Pick<ConditionState, 'conditionKey' | 'equipment'>;

/** Both where both are said. */
export const follows = ({ suppress: { equipment, conditionKeys } }: Suppression, thing: Thing): boolean =>
  (equipment === undefined || (thing.equipment !== null && isWithin(thing.equipment, equipment))) &&
  (conditionKeys === undefined || conditionKeys.includes(thing.conditionKey));

export const suppressed: Rule = ({ condition, around: { causes } }) => {
  for (const { reason, active } of causes) {
    const cause = active.find(({ key }) => key !== condition);
    if (cause)
      return {
        by: 'suppressed',
        rule: `Follows from an alarm that is active: ${reason}`,
        until: null,
        cause: cause.key,
      };
  }
  return null;
};
