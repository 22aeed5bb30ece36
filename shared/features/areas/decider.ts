import type { Decide, ReadTable } from '../../kernel/feature.ts';
import { select } from '../../kernel/read.ts';
import { refuse } from '../../kernel/refusal.ts';
import type { OrgState } from '../orgs/contract.ts';
import { shiftsEndingAfter } from '../shifts/contract.ts';
import type { AreaState, commands } from './contract.ts';
import { planAhead, planned } from './plan.ts';

const organisation = () => select<OrgState>('orgs', { limit: 1 });

export const reads = {
  create: ({ input }) => ({ same: select<AreaState>('areas', { where: { path: input.path } }) }),
  plan: () => ({ org: organisation() }),
  tick: ({ now }, { path, plannedUntil }) => ({
    org: organisation(),
    standing: shiftsEndingAfter(path, Math.min(Date.parse(now), Date.parse(plannedUntil ?? now))),
  }),
} satisfies ReadTable<AreaState, typeof commands>;

export const decide: Decide<AreaState, typeof commands, typeof reads> = {
  create: (_state, { input: { path, name, shifts } }, { same }) =>
    same.length
      ? refuse('already-exists', `There is an area ${path} already.`)
      : [{ type: 'area.created', body: { path, name, shifts } }],
  tune: ({ path }, { input: { alarms } }) => [{ type: 'area.tuned', body: { path, alarms } }],
  plan: (state, ask, { org }) => planned(state, ask, org[0]?.value.zone ?? 'UTC'),
  tick: planAhead,
};
