/** A feature that no host has heard of gets notes, cards, verbs and forms on a device: adding one touches no host. */
import * as z from 'zod';
import { expect, test } from 'vitest';
import { fieldsOf } from '../../plugin/fields.ts';
import { creations, verbsFor } from '../../plugin/verbs.ts';
import { features } from '../../shared/features/index.ts';
import { command, event, feature } from '../../shared/kernel/feature.ts';
import { refuse } from '../../shared/kernel/refusal.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { areaPath, text, timestamp, uuid } from '../../shared/kernel/schema.ts';
import { aDevice } from '../kit/a-device.ts';
import { scriptedLink } from '../kit/scripted-link.ts';

interface Permit {
  readonly what: string;
  readonly open: boolean;
}

const permits = feature({
  name: 'permits',
  kind: 'permit',
  letter: 'P',
  summary: 'Permits to work',
  commands: {
    issue: command({ what: text(100) }, { permission: 'task.create', creates: true, title: 'Issue permit' }),
    giveBack: command(
      {
        reason: text(2000),
        by: z.union([z.strictObject({ user: uuid })]).optional(),
        area: areaPath.optional(),
        at: timestamp.optional(),
        count: z.int().default(1),
        how: z.enum(['in_person', 'by_phone']),
      },
      { permission: 'task.work', title: 'Give permit back' },
    ),
  },
  events: { 'permit.issued': event({ what: z.string() }), 'permit.returned': event({}) },
  entity: z.object({ id: uuid }),
  initial: { what: '', open: true },
  view: (state: Permit, { id }) => ({ id, ...state }),
  decide: {
    issue: (_state, { input: { what } }) => [{ type: 'permit.issued', body: { what } }],
    giveBack: (state) =>
      state.open
        ? [{ type: 'permit.returned', body: {} }]
        : refuse('transition-not-allowed', 'This permit was given back already.'),
  },
  evolve: {
    'permit.issued': (state, { body: { what } }) => ({ ...state, what }),
    'permit.returned': (state) => ({ ...state, open: false }),
  },
  tracked: ['open'],
  areaOf: () => undefined,
  readers: 'operations.read',
  travels: { where: () => [{}], holds: () => true },
  columns: {},
  titleOf: ({ what }) => what,
  note: {
    name: ({ what }, { number }) => `P-${number} ${what}`,
    write: ({ what, open }, { number }) => [
      {
        type: 'permit',
        folder: 'Permits',
        name: `P-${number} ${what}`,
        properties: { status: open ? 'open' : 'returned' },
        regions: [{ name: 'box', markdown: `- [${open ? ' ' : 'x'}] ${what}` }],
      },
    ],
    read: (edit, _state, { id }) => ({
      subject: { kind: 'permit', id },
      type: 'permits.giveBack',
      input: edit.kind === 'box' ? {} : { reason: 'From the note', how: 'in_person' },
    }),
    card: ({ what, open }, { number }) =>
      open ? { group: 'Permits', rank: 9, title: `P-${number} ${what}`, details: [] } : null,
  },
});

const register = createRegister([...features, permits]);
const me = { id: 'u', kind: 'user', role: 'supervisor', areas: [] };
const item = {
  kind: 'permit',
  id: '0192f000-0000-7000-8000-000000000009',
  number: 4,
  first: 1,
  seq: 1,
  state: { what: 'Hot work', open: true },
};
const NOTE = 'Operary/Permits/P-4 Hot work.md';

function device() {
  const link = scriptedLink({
    'GET /v1/sync/snapshot': () => ({
      json: { head: 1, instance: 'one', organisation: 'o', me, items: [item], next: null },
    }),
    'POST /v1/sync/tickets': () => ({ status: 201, json: { ticket: 't' } }),
    'POST /v1/sync/hello': () => ({
      json: { now: '2026-11-21T06:00:00.000Z', head: 1, instance: 'one', standing: 'active' },
    }),
    'POST /v1/sync/commands': ({ body }) => {
      const { commands } = body as { readonly commands: readonly { readonly id: string }[] };
      const returned = {
        seq: 2,
        type: 'permit.returned',
        subject: { kind: 'permit', id: item.id },
        body: {},
        actor: { kind: 'user', id: 'u' },
        command: { id: commands[0]!.id, sha256: '' },
      };
      link.say({ type: 'events', items: [returned], next: 2, head: 2 });
      const outcomes = commands.map(({ id }) => ({ id, outcome: 'accepted', seq: 2, flags: [] }));
      return { json: { outcomes, head: 2, instance: 'one', standing: 'active' } };
    },
  });
  const made = aDevice(register, link);
  return { ...made, link, files: made.disk.vault };
}

async function connected() {
  const made = device();
  made.host.start();
  await made.clock.pass(0);
  made.link.sockets[0]!.opened();
  made.link.say({ type: 'heartbeat', head: 1, instance: 'one' });
  await made.clock.pass(0);
  await made.host.notebook.idle();
  return made;
}

test('its notes are written, and an edit of them becomes its command', async () => {
  const { files, clock, host, link } = await connected();
  expect(files.texts.get(NOTE)).toContain('status: open');
  files.external.write(NOTE, files.texts.get(NOTE)!.replace('status: open', 'status: returned'));
  await clock.pass(100);
  await host.notebook.idle();
  expect(link.asked.find(({ path }) => path === '/v1/sync/commands')!.body).toMatchObject({
    commands: [{ type: 'permits.giveBack', subject: item.id, body: { reason: 'From the note', how: 'in_person' } }],
  });
  expect(files.texts.get(NOTE)).toContain('- [x] Hot work');
});

test('[L7] an edit that lacks what its command demands is put back, and says which command to use', async () => {
  const { files, clock, host, notices } = await connected();
  const before = files.texts.get(NOTE)!;
  files.external.write(NOTE, before.replace('- [ ]', '- [x]'));
  await clock.pass(100);
  await host.notebook.idle();
  expect(files.texts.get(NOTE)).toBe(before);
  expect(notices.join()).toContain('"Give permit back" needs to be told more');
});

test('its verbs are offered where its rules do not refuse them, and to roles that may', () => {
  expect(creations(register, me).map(({ word }) => word.title)).toContain('Issue permit');
  expect(creations(register, { ...me, role: 'auditor' })).toEqual([]);
  expect(verbsFor(register, item, me).map(({ verb }) => verb)).toEqual(['giveBack']);
  expect(verbsFor(register, { ...item, state: { what: '', open: false } }, me)).toEqual([]);
});

test('its forms follow from its input: what is demanded first, each field as people enter it', () => {
  const fields = fieldsOf(permits.commands.giveBack!.input, register);
  expect(fields.map(({ key, kind, isRequired }) => [key, kind, isRequired])).toEqual([
    ['reason', 'lines', true],
    ['how', 'choice', true],
    ['by', 'either', false],
    ['area', 'area', false],
    ['at', 'moment', false],
    ['count', 'number', false],
  ]);
  expect(fieldsOf(permits.commands.issue!.input, register)[0]).toMatchObject({
    key: 'what',
    kind: 'line',
    label: 'What',
  });
});
