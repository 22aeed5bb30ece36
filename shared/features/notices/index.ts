import { feature, type Evolve } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { commands, entity, events, type NoticeState } from './contract.ts';

const initial: NoticeState = {
  user: '',
  channel: 'ntfy',
  why: 'assigned',
  priority: null,
  level: null,
  tasks: [],
  area: null,
  status: 'sent',
  attempts: 0,
  problem: null,
  at: '',
};

const TITLES: Readonly<Record<NoticeState['why'], string>> = {
  assigned: 'Notice of a task',
  escalated: 'Notice of an escalation',
  summary: 'Summary after quiet hours',
  test: 'Test notice',
  webhook: 'Notice of a webhook that does not answer',
};

/** Without what the door puts into every body. */
const aboutOf = ({
  user,
  channel,
  why,
  priority,
  level,
  tasks,
  area,
  attempts,
}: Omit<NoticeState, 'status' | 'problem' | 'at'>): Omit<NoticeState, 'status' | 'problem' | 'at'> => ({
  user,
  channel,
  why,
  priority,
  level,
  tasks,
  area,
  attempts,
});

const evolve: Evolve<NoticeState, typeof events> = {
  'notice.sent': (_state, { receivedAt, body }) => ({
    ...aboutOf(body),
    status: 'sent',
    problem: null,
    at: receivedAt,
  }),
  'notice.failed': (_state, { receivedAt, body }) => ({
    ...aboutOf(body),
    status: 'failed',
    problem: body.problem,
    at: receivedAt,
  }),
};

export const notices = feature({
  name: 'notices',
  kind: 'notice',
  letter: 'M',
  summary: 'Who was rung about what, and whether it went out',
  commands,
  events,
  entity,
  initial,
  view: (state: NoticeState, { id, number }) => ({ id, number, ref: shortNumber('M', number), ...state }),
  decide: {
    record: (_state, { input: { problem, occurredAt: _at, reason: _reason, ...about } }) => {
      const upstream = about.tasks.map((id) => ({ kind: 'task', id, rel: 'caused_by' as const }));
      return [
        problem === null
          ? { type: 'notice.sent', body: about, upstream }
          : { type: 'notice.failed', body: { ...about, problem }, upstream },
      ];
    },
  },
  evolve,
  tracked: ['status'],
  areaOf: (state) => state.area ?? undefined,
  readers: 'operations.read',
  columns: { user: (state) => state.user, status: (state) => state.status, area: (state) => state.area },
  filters: ['user', 'status', 'area'],
  titleOf: (state) => TITLES[state.why],
});
