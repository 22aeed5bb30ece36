/** Who is asked when nobody acts. The plant asks slowly on this day, so that the clock does not speak between the others' lines. */
import type { Scenario } from './scenario.ts';

const slow = {
  name: 'The whole site, slowly',
  area: 'leeds',
  priorities: ['P1', 'P2', 'P3'],
  levels: [{ target: { role: 'line_lead' }, ackWithinMinutes: 9000 }],
  ackTimeout: { P1: null, P2: null, P3: null, P4: null },
  due: null,
};

export const escalations: readonly Scenario[] = [
  {
    title: 'An admin writes down who is asked',
    route: 'POST /v1/escalations',
    by: 'admin',
    body: { ...slow, levels: [{ target: { role: 'supervisor' }, ackWithinMinutes: 5 }] },
    status: 201,
    answer: { ref: 'E-1', area: 'leeds', noOneOnDuty: 'skip_and_log', retired: false },
    events: ['escalation.created'],
    keep: 'slow',
  },
  {
    title: 'A supervisor does not',
    route: 'POST /v1/escalations',
    by: 'ana',
    body: slow,
    status: 403,
    answer: { code: 'role-not-allowed' },
  },
  {
    title: 'Two for one place and priority are refused',
    route: 'POST /v1/escalations',
    by: 'admin',
    body: { ...slow, name: 'Again', priorities: ['P3', 'P4'] },
    status: 409,
    answer: { code: 'already-exists' },
  },
  {
    title: 'A level without a time is refused',
    route: 'POST /v1/escalations',
    by: 'admin',
    body: { ...slow, area: 'leeds/dock', levels: [{ target: { role: 'line_lead' } }] },
    status: 400,
    answer: { code: 'invalid-input', fields: [{ field: '/levels/0/ackWithinMinutes' }] },
  },
  {
    title: 'It is updated',
    route: 'POST /v1/escalations/{id}/update',
    id: '{slow.id}',
    by: 'admin',
    body: slow,
    status: 200,
    answer: { levels: [{ target: { role: 'line_lead' }, everyone: false, ackWithinMinutes: 9000 }] },
    events: ['escalation.updated'],
  },
  {
    title: 'Everybody may know who is asked',
    route: 'GET /v1/escalations',
    path: '/v1/escalations?area=leeds',
    by: 'ben',
    status: 200,
    answer: { items: [{ name: 'The whole site, slowly' }], next: null },
  },
  {
    title: 'One escalation policy',
    route: 'GET /v1/escalations/{id}',
    id: '{slow.ref}',
    by: 'ana',
    status: 200,
    answer: { due: null },
  },
  {
    title: 'The trail of an escalation policy',
    route: 'GET /v1/escalations/{id}/trail',
    id: '{slow.id}',
    by: 'ana',
    status: 200,
    answer: { complete: true },
  },
  {
    title: 'One for the dock',
    route: 'POST /v1/escalations',
    by: 'admin',
    body: { ...slow, name: 'Dock', area: 'leeds/dock' },
    status: 201,
    events: ['escalation.created'],
    keep: 'dock',
  },
  {
    title: 'is retired',
    route: 'POST /v1/escalations/{id}/retire',
    id: '{dock.id}',
    by: 'admin',
    status: 200,
    answer: { retired: true },
    events: ['escalation.retired'],
  },
];

const asked = (title: string, by: Scenario['by'], verb: string, more: Partial<Scenario>): Scenario => ({
  title,
  route: `POST /v1/tasks/{id}/${verb}`,
  path: `/v1/tasks/{hoist.id}/${verb}`,
  by,
  status: 200,
  ...more,
});

/** The hoist is stuck: asked, returned, asked again, taken over. */
export const asking: readonly Scenario[] = [
  {
    title: 'The hoist is stuck',
    route: 'POST /v1/tasks',
    by: 'ana',
    body: { title: 'Hoist 2 is stuck', area: 'leeds/packaging', assignee: { role: 'maintenance_engineer' } },
    status: 201,
    answer: { escalation: { level: 0, waitsFor: 'acknowledgement' } },
    events: ['task.created', 'task.assigned'],
    keep: 'hoist',
  },
  asked('Nobody was asked yet, so nothing is returned', 'marek', 'return', {
    body: { reason: 'Not for me' },
    status: 409,
    answer: { code: 'transition-not-allowed' },
  }),
  asked('Marek calls for help', 'marek', 'escalate', {
    body: { reason: 'It takes two', target: { role: 'line_lead' } },
    answer: { escalation: { level: 1 }, escalations: [{ cause: 'manual', reason: 'It takes two' }] },
    events: ['task.escalated'],
  }),
  asked('Dana gives it back', 'dana', 'return', {
    body: { reason: 'The crane is free, one is enough' },
    answer: { escalation: { level: 0 }, escalations: [{ outcome: 'returned' }] },
    events: ['task.returned'],
  }),
  asked('Ben takes it over', 'ben', 'take-over', {
    answer: { status: 'acknowledged', assignee: { user: '{ben}' } },
    events: ['task.taken_over'],
  }),
  {
    title: 'A fan stops where nobody is on duty',
    route: 'POST /v1/tasks',
    by: 'ana',
    body: { title: 'Fan 1 stands', area: 'york', priority: 'P1' },
    status: 201,
    answer: { escalation: { plan: { policy: null } } },
    events: ['task.created'],
    keep: 'fan',
  },
  {
    title: 'By the clock, whoever is left is told',
    route: 'GET /v1/tasks/{id}',
    id: '{fan.id}',
    by: 'ana',
    after: 6,
    status: 200,
    events: ['task.escalated'],
  },
  {
    title: 'It was nothing',
    route: 'POST /v1/tasks/{id}/cancel',
    id: '{fan.id}',
    by: 'ana',
    body: { reasonCode: 'false_alarm' },
    status: 200,
    answer: {
      escalations: [{ level: 4, cause: 'unacknowledged', outcome: 'resolved', target: { role: 'supervisor' } }],
    },
    events: ['task.cancelled'],
  },
];
