/** The same work is reported twice, and somebody writes down which report holds. */
import type { Scenario } from './scenario.ts';

const phone = '01900000-0000-7000-8000-0000000000d0';

const worked = (verb: string, body: object, event: string): Scenario => ({
  title: `A valve is dripping: ${verb}`,
  route: `POST /v1/tasks/{id}/${verb}`,
  path: `/v1/tasks/{valve.id}/${verb}`,
  by: verb === 'assign' ? 'ana' : 'marek',
  body,
  status: 200,
  events: [event],
});

export const tasks: readonly Scenario[] = [
  {
    title: 'A valve is dripping',
    route: 'POST /v1/tasks',
    by: 'ana',
    body: { title: 'Valve 7 drips', area: 'leeds/packaging' },
    status: 201,
    events: ['task.created'],
    keep: 'valve',
  },
  worked('assign', { assignee: { user: '{marek}' } }, 'task.assigned'),
  worked('acknowledge', {}, 'task.acknowledged'),
  worked('start', {}, 'task.started'),
  worked('complete', { note: 'New packing.' }, 'task.completed'),
  {
    title: 'Nothing about it needs a look yet',
    route: 'POST /v1/tasks/{id}/review',
    id: '{valve.id}',
    by: 'ana',
    body: { finding: 'Fine.' },
    status: 409,
    answer: { code: 'transition-not-allowed' },
  },
  {
    title: 'Dana reports it once more, with another result',
    route: 'POST /v1/sync/commands',
    by: 'dana',
    body: {
      deviceId: phone,
      commands: [
        {
          id: '01900000-0000-7000-8000-0000000000d1',
          type: 'tasks.complete',
          v: 1,
          subject: '{valve.id}',
          body: { note: 'Tightened it.', resolutionCode: 'adjusted' },
          deviceSeq: 1,
          // More than there is: it knew of Marek's report.
          observedSeq: 1_000_000,
          occurredAt: '2026-11-20T21:00:00Z',
          tz: 'Europe/London',
          clockOffsetMs: 0,
        },
      ],
    },
    status: 200,
    answer: { outcomes: [{ outcome: 'flagged', flags: ['repeat', 'needs_review'] }] },
    events: ['task.completed'],
  },
  {
    title: 'What needs a look',
    route: 'GET /v1/tasks',
    path: '/v1/tasks?flagged=1',
    by: 'ana',
    status: 200,
    answer: {
      items: [
        {
          title: 'Valve 7 drips',
          status: 'closed',
          completion: { note: 'New packing.' },
          furtherReports: [{ note: 'Tightened it.', device: phone }],
          flags: ['repeat', 'needs_review'],
        },
      ],
    },
  },
  {
    title: 'An operator does not settle it',
    route: 'POST /v1/tasks/{id}/review',
    id: '{valve.id}',
    by: 'ben',
    body: { finding: 'Whatever.' },
    status: 403,
    answer: { code: 'role-not-allowed' },
  },
  {
    title: 'A review settles it',
    route: 'POST /v1/tasks/{id}/review',
    id: '{valve.id}',
    by: 'ana',
    body: { finding: 'The packing is new; both did their part.' },
    status: 200,
    answer: { flags: [], furtherReports: [{ note: 'Tightened it.' }] },
    events: ['task.reviewed'],
  },
];
