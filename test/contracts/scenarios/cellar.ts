/** A phone that comes up from the cellar: says that it is there, brings what it recorded, and what people wrote. */
import type { Scenario } from './scenario.ts';

const phone = '01900000-0000-7000-8000-00000000000a';

export const cellar: readonly Scenario[] = [
  {
    title: 'A sign of life',
    route: 'POST /v1/sync/hello',
    by: 'marek',
    body: { deviceId: phone, lastDeviceSeq: 2, outboxDepth: 1 },
    status: 200,
    answer: { standing: 'unpaired' },
  },
  {
    title: 'A sign of life of nobody in particular',
    route: 'POST /v1/sync/hello',
    by: 'marek',
    body: { deviceId: 'phone' },
    status: 400,
    answer: { code: 'invalid-input' },
  },
  {
    title: 'What flags mean',
    route: 'GET /v1/sync/flags',
    by: 'aude',
    status: 200,
  },
  {
    title: 'The notes of an item that nobody knows',
    route: 'POST /v1/sync/docs',
    by: 'marek',
    body: { deviceId: phone, docs: [{ entity: phone }] },
    status: 200,
    answer: { docs: [{ entity: phone, problem: { code: 'not-found' } }] },
  },
  {
    title: 'A leak that was found without network',
    route: 'POST /v1/sync/commands',
    by: 'marek',
    body: {
      deviceId: phone,
      lastDeviceSeq: 1,
      outboxDepth: 1,
      commands: [
        {
          id: '01900000-0000-7000-8000-0000000000c1',
          type: 'tasks.create',
          v: 1,
          subject: '01900000-0000-7000-8000-0000000000c2',
          body: { title: 'Water in the pump pit', area: 'leeds/packaging' },
          deviceSeq: 1,
          observedSeq: 1,
          occurredAt: '2026-11-20T21:00:00Z',
          tz: 'Europe/London',
          clockOffsetMs: 40,
        },
      ],
    },
    status: 200,
    answer: { outcomes: [{ outcome: 'accepted', flags: [] }], standing: 'unpaired' },
    events: ['task.created'],
  },
  {
    title: 'The phone asks which of its entries are on record',
    route: 'GET /v1/sync/commands',
    path: '/v1/sync/commands?ids=01900000-0000-7000-8000-0000000000c1,01900000-0000-7000-8000-0000000000c9',
    by: 'marek',
    status: 200,
    answer: { items: [{ id: '01900000-0000-7000-8000-0000000000c1' }] },
  },
  {
    title: 'It names none',
    route: 'GET /v1/sync/commands',
    path: '/v1/sync/commands?ids=',
    by: 'marek',
    status: 400,
    answer: { code: 'invalid-input' },
  },
  {
    title: 'The notes of the leak, to take along',
    route: 'POST /v1/sync/docs',
    by: 'marek',
    body: { deviceId: phone, docs: [{ entity: '01900000-0000-7000-8000-0000000000c2' }] },
    status: 200,
    answer: { docs: [{ room: '01900000-0000-7000-8000-0000000000c2@1', update: 'AAA=', sealed: false }] },
  },
];
