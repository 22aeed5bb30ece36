/** The lost phone still brings something; a supervisor decides. Then it is found. */
import { derivedId } from '../../../shared/kernel/ids.ts';
import { fromPhone, idOf, PHONE } from './devices.ts';
import type { Scenario } from './scenario.ts';

const aTask = (name: string) =>
  [derivedId('scenario', 'task', name), { title: name, area: 'leeds/packaging' }] as const;

export const held: readonly Scenario[] = [
  ...([2, 3] as const).map((deviceSeq): Scenario => ({
    title: `What a phone that is written off brings is held (${deviceSeq})`,
    route: 'POST /v1/sync/commands',
    by: 'marek',
    body: fromPhone(deviceSeq, 'tasks.create', ...aTask(`Cellar ${deviceSeq}`)),
    status: 200,
    answer: { outcomes: [{ outcome: 'held' }], standing: 'written-off' },
    events: ['held.received'],
  })),
  {
    title: 'Held entries are the supervisors’ business',
    route: 'GET /v1/held',
    by: 'ben',
    status: 403,
    answer: { code: 'role-not-allowed' },
  },
  {
    title: 'Held entries that wait',
    route: 'GET /v1/held',
    path: '/v1/held?status=waiting',
    by: 'ana',
    status: 200,
    answer: { items: [{ ref: 'H-2' }, { ref: 'H-1', asks: 'tasks.create' }] },
  },
  {
    title: 'One held entry, for an auditor too',
    route: 'GET /v1/held/{id}',
    path: `/v1/held/${idOf(2)}`,
    by: 'aude',
    status: 200,
    answer: { status: 'waiting', author: '{marek}', deviceSeq: 2 },
  },
  {
    title: 'The trail of a held entry',
    route: 'GET /v1/held/{id}/trail',
    id: 'H-1',
    by: 'ana',
    status: 200,
    answer: { events: [{ type: 'held.received' }] },
  },
  {
    title: 'An engineer does not confirm',
    route: 'POST /v1/held/{id}/confirm',
    id: 'H-1',
    by: 'marek',
    status: 403,
    answer: { code: 'role-not-allowed' },
  },
  {
    title: 'Confirmed, it is performed as its author’s',
    route: 'POST /v1/held/{id}/confirm',
    id: 'H-1',
    by: 'ana',
    status: 200,
    answer: { status: 'confirmed', flags: ['from_written_off_device'] },
    events: ['held.confirmed', 'task.created'],
  },
  {
    title: 'It shows as something to look at, until a supervisor has',
    route: 'POST /v1/tasks/{id}/review',
    path: `/v1/tasks/${aTask('Cellar 2')[0]}/review`,
    by: 'ana',
    body: { finding: 'Marek told me of it.' },
    status: 200,
    answer: { flags: [] },
    events: ['task.reviewed'],
  },
  {
    title: 'It is decided once',
    route: 'POST /v1/held/{id}/discard',
    id: 'H-1',
    by: 'tom',
    status: 409,
    answer: { code: 'transition-not-allowed' },
  },
  {
    title: 'Discarded, nothing comes of it',
    route: 'POST /v1/held/{id}/discard',
    id: 'H-2',
    by: 'tom',
    body: { reason: 'Entered by hand already' },
    status: 200,
    answer: { status: 'discarded', decided: { reason: 'Entered by hand already' } },
    events: ['held.discarded'],
  },
  {
    title: 'The phone is found, and trusted again',
    route: 'POST /v1/devices/{id}/reinstate',
    path: `/v1/devices/${PHONE}/reinstate`,
    by: 'admin',
    body: { reason: 'Found behind the pump' },
    status: 200,
    answer: { status: 'active', writtenOff: null },
    events: ['device.reinstated'],
  },
  {
    title: 'It is not reinstated twice',
    route: 'POST /v1/devices/{id}/reinstate',
    path: `/v1/devices/${PHONE}/reinstate`,
    by: 'admin',
    body: { reason: 'Found again' },
    status: 409,
    answer: { code: 'transition-not-allowed' },
  },
];
