/** The table of roles (domain model 2.10), row by row: every command of the register by every kind of caller. */
import { describe, expect, test } from 'vitest';
import { features } from '../../shared/features/index.ts';
import { mayAtAll } from '../../shared/kernel/roles.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { alarm, area, asking, integration, task, token, user, type Asked } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, by, given, LINE_3, NIGHT, night, PACKAGING, pump } from '../kit/given.ts';
import { ana, ben, dana, EVERYBODY, marek, ORG, person, root, tom, within, type Person } from '../kit/people.ts';
import { createPlant } from '../kit/plant.ts';

const register = createRegister(features);

const FLOOR = 'operator line_lead supervisor maintenance_engineer';
/** Copied from the study, not from the code. */
const MAY: Readonly<Record<string, string>> = {
  'shifts.log': FLOOR,
  'tasks.create': `${FLOOR} engine`,
  // A rule notes on a task what was changed about the order behind it.
  'tasks.note': `${FLOOR} engine`,
  'alarms.report': FLOOR,
  'alarms.acknowledge': `${FLOOR} engine`,
  'alarms.shelve': 'line_lead supervisor',
  'alarms.confirmShelving': 'line_lead supervisor',
  'alarms.unshelve': 'line_lead supervisor',
  // Without a limit of time, so not a line lead's.
  'alarms.takeOutOfService': 'supervisor',
  'alarms.returnToService': 'supervisor',
  'alarms.tick': 'engine',
  'alarms.reconsider': 'engine',
  'tasks.reject': FLOOR,
  'tasks.acknowledge': FLOOR,
  'tasks.start': FLOOR,
  'tasks.hold': FLOOR,
  'tasks.resume': FLOOR,
  'tasks.complete': FLOOR,
  'tasks.assign': 'line_lead supervisor maintenance_engineer engine',
  'tasks.cancel': 'line_lead supervisor maintenance_engineer engine',
  'tasks.reopen': 'line_lead supervisor maintenance_engineer engine',
  'tasks.escalate': `${FLOOR} engine`,
  'tasks.return': FLOOR,
  'tasks.takeOver': FLOOR,
  'tasks.verify': 'line_lead supervisor maintenance_engineer',
  'tasks.sendBack': 'line_lead supervisor maintenance_engineer',
  // The first start plans the first shifts.
  'shifts.create': 'supervisor host',
  'shifts.start': 'supervisor engine',
  'shifts.close': 'supervisor engine',
  'shifts.sign': 'supervisor engine',
  'shifts.accept': 'supervisor engine',
  'shifts.refuse': 'supervisor engine',
  'shifts.seal': 'supervisor engine',
  'shifts.amend': 'supervisor engine',
  'shifts.readLate': 'supervisor engine',
  'shifts.noteLate': 'engine',
  'shifts.lateProse': 'engine',
  'shifts.checkIn': FLOOR,
  'shifts.checkOut': FLOOR,
  'shifts.presence': FLOOR,
  'shifts.acceptLate': 'supervisor engine',
  'shifts.plan': 'engine',
  'shifts.tick': 'engine',
  'shifts.noteMissed': 'engine',
  'schedules.create': 'supervisor host',
  'schedules.change': 'supervisor host',
  'schedules.pause': 'supervisor host',
  'schedules.resume': 'supervisor host',
  'schedules.retire': 'supervisor host',
  'schedules.align': 'engine',
  'schedules.tick': 'engine',
  'orgs.create': 'admin host',
  'users.add': 'admin host',
  'users.deactivate': 'admin host',
  'users.reactivate': 'admin host',
  'devices.pair': `${FLOOR} auditor admin`,
  'devices.enrol': `${FLOOR} auditor admin`,
  'devices.release': `${FLOOR} auditor admin`,
  'devices.writeOff': 'supervisor admin',
  'devices.reinstate': 'supervisor admin',
  'devices.noteFork': 'engine',
  'held.confirm': 'supervisor',
  'held.discard': 'supervisor',
  'held.noteRefused': 'engine',
  'tokens.create': 'admin host',
  'tokens.offer': 'admin host',
  // Whoever brings the code acts as the person that it was made for.
  'tokens.redeem': `${FLOOR} auditor admin`,
  'tokens.rotate': 'admin host',
  'tokens.revoke': 'admin host',
  'areas.create': 'admin host',
  'areas.tune': 'admin host',
  'equipment.create': 'admin host',
  'equipment.rename': 'admin host',
  'equipment.alias': 'admin host',
  'escalations.create': 'admin host',
  'escalations.update': 'admin host',
  'escalations.retire': 'admin host',
  'areas.plan': 'admin host',
  'areas.tick': 'engine',
  'integrations.create': 'admin host',
  'integrations.rotate': 'admin host',
  'integrations.configure': 'admin host',
  'integrations.retirePrevious': 'admin host',
  'integrations.retire': 'admin host',
  // Everybody says themselves how they are rung.
  'contacts.set': `${FLOOR} auditor admin`,
  'contacts.test': `${FLOOR} auditor admin`,
  'wordings.set': 'admin host',
  'wordings.retire': 'admin host',
  'notices.record': 'engine',
  'webhooks.create': 'admin host',
  'webhooks.rotate': 'admin host',
  'webhooks.pause': 'admin host',
  'webhooks.resume': 'admin host',
  'webhooks.retire': 'admin host',
  'webhooks.redeliver': 'admin host',
  'webhooks.suspend': 'engine',
  'integrations.connect': 'admin host',
  'integrations.keepSecret': 'admin host',
  'integrations.noteFault': 'engine',
  'orders.receive': 'integration engine',
  'orders.noteRefused': 'engine',
  'orders.report': 'engine',
  'integrations.noteTrouble': 'engine',
  'integrations.noteRelief': 'engine',
  // The engine for what the server itself notices of a sender.
  'alarms.observe': 'integration engine',
  'deliveries.receive': 'integration engine',
  'alarms.join': 'engine',
  'alarms.unjoin': 'engine',
  'incidents.open': FLOOR,
  'incidents.join': FLOOR,
  'incidents.unjoin': FLOOR,
  'incidents.note': FLOOR,
  'incidents.resolve': 'line_lead supervisor maintenance_engineer',
  'incidents.raise': 'engine',
  'incidents.gather': 'engine',
  'incidents.tick': 'engine',
  'windows.create': 'line_lead supervisor',
  'windows.extend': 'line_lead supervisor',
  'windows.cancel': 'line_lead supervisor',
  'windows.tick': 'engine',
  'tasks.join': 'engine',
  'tasks.unjoin': 'engine',
  'tasks.raise': 'engine',
  'tasks.recur': 'engine',
  'tasks.reschedule': 'engine',
  'tasks.tick': 'engine',
  'tasks.askNext': 'engine',
  'tasks.askAgain': 'engine',
  'tasks.carryOver': 'engine',
  'tasks.lateProse': 'engine',
  'tasks.receiveFiles': 'engine',
  'tasks.review': 'line_lead supervisor maintenance_engineer',
};

test('every command of the register has its row here', () =>
  expect(Object.keys(MAY).sort()).toEqual([...register.commands.keys()].sort()));

for (const [type, allowed] of Object.entries(MAY))
  describe(type, () => {
    const { feature } = register.commands.get(type) ?? register.commands.get('tasks.note')!;
    const ask = asking(type, { kind: feature.kind, id: task('something').id });
    for (const [role, whom] of Object.entries(EVERYBODY))
      if (allowed.split(' ').includes(role))
        test(`[L14] is for ${role}`, async () => {
          const plant = await createPlant().run(anOrganisation());
          const outcome = await plant.ask(ask.by(whom));
          expect(outcome).not.toMatchObject({ refusal: { refused: 'role-not-allowed' } });
        });
      else
        test(`[L14] is not for ${role}`, () => given(anOrganisation()).when(ask, by(whom)).refused('role-not-allowed'));
  });

describe('reading', () => {
  for (const [name, allowed] of [
    ['tasks', FLOOR],
    ['shifts', FLOOR],
    ['schedules', FLOOR],
    ['alarms', FLOOR],
    ['deliveries', FLOOR],
    ['orders', FLOOR],
    ['incidents', FLOOR],
    ['windows', FLOOR],
    ['users', `${FLOOR} auditor admin`],
    ['areas', `${FLOOR} auditor admin`],
    ['equipment', `${FLOOR} auditor admin`],
    ['escalations', `${FLOOR} auditor admin`],
    ['orgs', `${FLOOR} auditor admin`],
    ['devices', `${FLOOR} auditor admin`],
    ['held', 'supervisor'],
    ['tokens', 'admin'],
    ['integrations', 'admin'],
    ['webhooks', 'admin'],
    ['contacts', 'admin'],
    ['wordings', 'admin'],
    ['notices', FLOOR],
  ] as const)
    test(`[L14] ${name} may be read by ${allowed.split(' ').length > 4 ? 'all but machines' : allowed}`, () => {
      const { readers } = register.byName.get(name)!;
      const readable = Object.entries(EVERYBODY).filter(([, whom]) => mayAtAll(whom, readers));
      expect(readable.map(([role]) => role)).toEqual(allowed.split(' '));
    });
  test('[L14] the sealed archive is for supervisors and auditors', () => {
    const { permission } = register.byName.get('shifts')!.archive!;
    const readable = Object.entries(EVERYBODY).filter(([, whom]) => mayAtAll(whom, permission));
    expect(readable.map(([role]) => role)).toEqual(['supervisor', 'auditor']);
  });
});

describe('own area', () => {
  const elsewhere = ['leeds/utilities'];
  const asks: readonly (readonly [string, Asked, Person])[] = [
    ['an operator does not work', pump.acknowledge(), ben],
    ['an operator does not make', task('new').create({ title: 'x', area: PACKAGING }), ben],
    ['an operator does not report', alarm('new').report({ text: 'Oil on the floor', area: PACKAGING }), ben],
    ['an operator does not log', night.log({ text: 'x' }), ben],
    ['a line lead does not assign', pump.assign({ assignee: { user: ben.id } }), dana],
    ['a supervisor does not cancel', pump.cancel({ reasonCode: 'not_needed' }), tom],
    ['a supervisor does not close', night.close(), tom],
    ['a supervisor does not plan', night.create(NIGHT), tom],
    ['an engineer does not escalate', pump.escalate({ reason: 'x' }), marek],
  ];
  for (const [what, ask, whom] of asks)
    test(`[L14] ${what} in an area that is not theirs; the refusal names the area`, () => {
      const steps = ask.type === 'shifts.create' ? [] : [aNightShift(), aTask('assigned')];
      return given(anOrganisation(), ...steps)
        .when(ask, by(within(whom, ...elsewhere)))
        .refused('outside-your-area', ({ detail }) => {
          expect(detail).toContain(PACKAGING);
          expect(detail).toContain('leeds/utilities');
        });
    });
  test('an area holds what lies inside it', () =>
    given(anOrganisation())
      .when(pump.create({ title: 'x', area: LINE_3 }), by(within(ben, PACKAGING)))
      .then('task.created'));
  test('[L14] and not what lies around it, nor a neighbour whose name begins the same', async () => {
    const plant = await createPlant().run(anOrganisation());
    for (const place of ['leeds', 'leeds/packaging-2'])
      expect(await plant.ask(pump.create({ title: 'x', area: place }).by(within(ben, PACKAGING)))).toMatchObject({
        refusal: { refused: 'outside-your-area' },
      });
  });
  test('one of several areas is enough', () =>
    given(anOrganisation())
      .when(pump.create({ title: 'x', area: LINE_3 }), by(within(ben, 'leeds/utilities', PACKAGING)))
      .then('task.created'));
});

describe('own role', () => {
  const given_ = (assignee: { user: string } | { role: 'operator' | 'maintenance_engineer' }) => [
    anOrganisation(),
    aTask(),
    pump.assign({ assignee }).by(ana),
  ];
  test('an operator works what is given to operators', () =>
    given(...given_({ role: 'operator' }))
      .when(pump.acknowledge(), by(ben))
      .then('task.acknowledged'));
  test('an operator works what is given to them personally', () =>
    given(...given_({ user: ben.id }))
      .when(pump.acknowledge(), by(ben))
      .then('task.acknowledged'));
  test('[L14] an operator does not work what is given to engineers', () =>
    given(...given_({ role: 'maintenance_engineer' }))
      .when(pump.acknowledge(), by(ben))
      .refused('role-not-allowed'));
  test('[L14] nor what is given to a colleague by name', () =>
    given(...given_({ user: dana.id }))
      .when(pump.acknowledge(), by(ben))
      .refused('role-not-allowed'));
  test('a line lead works what is given to anybody in the area', () =>
    given(...given_({ role: 'operator' }))
      .when(pump.acknowledge(), by(dana))
      .then('task.acknowledged'));
  test('an engineer takes a task that nobody has', () =>
    given(anOrganisation(), aTask())
      .when(pump.assign({ assignee: { user: marek.id } }), by(marek))
      .then('task.assigned'));
  test('[L14] an engineer does not give a task that nobody has to others', () =>
    given(anOrganisation(), aTask())
      .when(pump.assign({ assignee: { role: 'operator' } }), by(marek))
      .refused('role-not-allowed'));
  test('an engineer cancels what is given to engineers', () =>
    given(...given_({ role: 'maintenance_engineer' }))
      .when(pump.cancel({ reasonCode: 'not_needed' }), by(marek))
      .then('task.cancelled'));
  test('[L14] and not what is given to operators', () =>
    given(...given_({ role: 'operator' }))
      .when(pump.cancel({ reasonCode: 'not_needed' }), by(marek))
      .refused('role-not-allowed'));
  test('[L14] nor what nobody has and somebody else made', () =>
    given(anOrganisation(), aTask())
      .when(pump.cancel({ reasonCode: 'not_needed' }), by(marek))
      .refused('role-not-allowed'));
  test('an engineer cancels what they made themselves and nobody has yet', () =>
    given(anOrganisation(), task('own').create({ title: 'x', area: PACKAGING }).by(marek))
      .when(task('own').cancel({ reasonCode: 'created_in_error' }), by(marek))
      .then('task.cancelled'));
});

describe('separation of duties', () => {
  test('[L14] a person of another organisation is nobody here', async () => {
    const plant = await createPlant().run(anOrganisation(), aTask('assigned'));
    const stranger = person('Eve', 'supervisor', [], task('york').id);
    expect(await plant.ask(pump.acknowledge().by(stranger))).toMatchObject({ refusal: { refused: 'not-found' } });
    expect(await plant.head()).toBe(await plant.ledger.head(ORG));
    expect(await plant.ledger.organisations()).toEqual([ORG]);
  });
  test('what an admin changes is an event like any other', () =>
    given(anOrganisation())
      .when(user('new').add({ name: 'New Person', role: 'operator', areas: [PACKAGING] }), by(root))
      .then({ type: 'user.added', actor: { id: root.id, role: 'admin' } }));
});

describe('[L10] tokens and integrations', () => {
  const opaque = (fill: string) => ({ minted: { tokenHash: fill.repeat(64) } });
  const key = token('bens');
  const made = key.create({ role: 'operator', user: ben.id }, opaque('c')).by(root);
  const credentials = async (plant: Awaited<ReturnType<typeof createPlant>>, name: string, hash: string) => {
    const { by: find, caller } = register.byName.get(name)!.credentials!;
    const [row] = await plant.ledger.load(ORG, find(hash.repeat(64)));
    return row && caller(row as never, ORG, plant.now());
  };
  test('a token speaks for its person, with the areas of that person', async () => {
    const plant = await createPlant().run(
      anOrganisation(),
      user('kim')
        .add({ name: 'Kim', role: 'operator', areas: [LINE_3] })
        .by(root),
      key.create({ role: 'operator', user: user('kim').id }, opaque('c')).by(root),
    );
    expect(await credentials(plant, 'tokens', 'c')).toEqual({
      kind: 'user',
      id: user('kim').id,
      role: 'operator',
      areas: [LINE_3],
      org: ORG,
    });
  });
  test('[L7] a token is not made for a stranger', () =>
    given(anOrganisation())
      .when(key.create({ role: 'operator', user: task('x').id }, opaque('c')), by(root))
      .refused('unknown-reference', ({ fields }) => expect(fields).toMatchObject([{ field: '/user' }])));
  test('rotated, the old one works as long as was said and not longer', async () => {
    const plant = await createPlant().run(
      anOrganisation(),
      made,
      key.rotate({ overlapMinutes: 10 }, opaque('d')).by(root),
    );
    plant.pass(9);
    expect(await credentials(plant, 'tokens', 'c')).toMatchObject({ id: ben.id });
    plant.pass(1);
    expect(await credentials(plant, 'tokens', 'c')).toMatchObject({ refused: 'token-expired' });
    expect(await credentials(plant, 'tokens', 'd')).toMatchObject({ id: ben.id });
  });
  test('revoked, neither the old nor the new one works, and it is revoked once', async () => {
    const plant = await given(
      anOrganisation(),
      made,
      key.rotate({ overlapMinutes: 10 }, opaque('d')).by(root),
      key.revoke().by(root),
    )
      .when(key.revoke(), by(root))
      .refused('transition-not-allowed');
    for (const hash of ['c', 'd'])
      expect(await credentials(plant, 'tokens', hash)).toMatchObject({ refused: 'token-revoked' });
  });
  test('expired, it says so', async () => {
    const plant = await createPlant().run(
      anOrganisation(),
      key.create({ role: 'operator', user: ben.id, expiresAt: '2026-11-20T23:00:00Z' }, opaque('c')).by(root),
    );
    plant.pass(59);
    expect(await credentials(plant, 'tokens', 'c')).toMatchObject({ id: ben.id });
    plant.pass(1);
    expect(await credentials(plant, 'tokens', 'c')).toMatchObject({ refused: 'token-expired' });
  });
  test('an integration rotates with a day in which both count, and is retired for good', async () => {
    const plc = integration('plc');
    const plant = await createPlant().run(
      anOrganisation(),
      plc.create({ kind: 'generic', name: 'PLC' }, opaque('c')).by(root),
      plc.rotate({}, opaque('d')).by(root),
    );
    expect(await credentials(plant, 'integrations', 'd')).toMatchObject({ kind: 'integration', id: plc.id });
    plant.pass(24 * 60 - 1);
    expect(await credentials(plant, 'integrations', 'c')).toMatchObject({ kind: 'integration', id: plc.id });
    plant.pass(1);
    expect(await credentials(plant, 'integrations', 'c')).toMatchObject({ refused: 'token-expired' });
    await plant.must(plc.rotate({}, opaque('f')).by(root));
    await plant.must(plc.retirePrevious().by(root));
    expect(await credentials(plant, 'integrations', 'd')).toMatchObject({ refused: 'token-expired' });
    expect(await credentials(plant, 'integrations', 'f')).toMatchObject({ kind: 'integration', id: plc.id });
    expect(await plant.ask(plc.retirePrevious().by(root))).toMatchObject({ outcome: 'rejected' });
    await plant.must(plc.retire().by(root));
    expect(await credentials(plant, 'integrations', 'd')).toMatchObject({ refused: 'gone' });
    expect(await plant.ask(plc.rotate({}, opaque('e')).by(root))).toMatchObject({ outcome: 'rejected' });
  });
  test('[L7] an area is made once', () =>
    given(anOrganisation())
      .when(area('twin').create({ path: PACKAGING, name: 'Twin' }), by(root))
      .refused('already-exists'));
});
