/** "It rings": who is told, about what, and when not. */
import { describe, expect, test } from 'vitest';
import { commonArea } from '../../server/outbound/notices.ts';
import type { ContactState } from '../../shared/features/contacts/contract.ts';
import { quietUntil } from '../../shared/features/contacts/quiet.ts';
import { task, user } from '../kit/ask.ts';
import { anOrganisation, by, given, LINE_3, PACKAGING, pump } from '../kit/given.ts';
import { ana, ben, dana, marek, root } from '../kit/people.ts';
import { contactOf, useRinging, type Channels } from '../kit/ringing.ts';

const { ring, begin, push, reach, give, rung, noticed } = useRinging();

describe('a task is given', () => {
  test('its person is rung, after what else comes in the area was waited for, and it is on record', async () => {
    await reach(marek, [push('marek')]);
    await give('Pump 3 leaks', marek, { priority: 'P2' });
    await ring.out.after(9);
    expect(ring.receiver.got).toEqual([]);
    await ring.out.after(1);
    const { id } = task('Pump 3 leaks');
    expect(ring.receiver.got).toMatchObject([
      {
        path: '/marek',
        body: `T-1, Packaging: given to you\nobsidian://operary?item=task%2F${id}`,
        headers: {
          title: 'P2 Pump 3 leaks',
          priority: '4',
          tags: 'warning',
          click: `obsidian://operary?item=task%2F${id}`,
        },
      },
    ]);
    expect(await noticed()).toMatchObject([
      {
        type: 'notice.sent',
        user: marek.id,
        channel: 'ntfy',
        why: 'assigned',
        priority: 'P2',
        tasks: [id],
        level: null,
        attempts: 1,
      },
    ]);
    const [sent] = (await ring.plant.events()).filter(({ type }) => type === 'notice.sent');
    expect(sent).toMatchObject({
      area: PACKAGING,
      upstream: [{ kind: 'task', id, rel: 'caused_by' }],
      actor: { kind: 'engine' },
    });
    expect(ring.receiver.got[0]!.headers['idempotency-key']).toBe(sent!.subject.id);
    await ring.out.after(3600);
    expect(ring.receiver.got.length).toBe(1);
  });
  test('everybody of the role on duty is rung, and nobody else', async () => {
    for (const person of [marek, ben, dana]) await reach(person, [push(person.name.split(' ')[0]!)]);
    await give('x', { role: 'maintenance_engineer' }, { priority: 'P1' });
    await ring.out.send();
    expect(rung()).toEqual(['Marek: P1 x']);
  });
  test('P1 rings at once and loudest', async () => {
    await reach(marek, [push('marek')], { quietHours: { from: '22:00', to: '06:00', exceptPriority: 'P1' } });
    await give('Fire', marek, { priority: 'P1' });
    await ring.out.send();
    expect(ring.receiver.got).toMatchObject([{ headers: { priority: '5' } }]);
  });
  test('whoever gives it to themselves is not rung, nor whoever has left', async () => {
    await reach(ana, [push('ana')]);
    await reach(ben, [push('ben')]);
    await give('own', ana, { priority: 'P1' });
    await ring.plant.must(user(ben.id).deactivate({ reason: 'Moved away' }).by(root));
    await ring.plant.run(task('bens').create({ title: 'b', area: PACKAGING, priority: 'P1' }).by(ana));
    await ring.plant.ask(
      task('bens')
        .assign({ assignee: { user: ben.id }, reason: 'x' })
        .by(ana),
    );
    await ring.out.send();
    expect(ring.receiver.got).toEqual([]);
  });
  test('a contact that is set later is not rung for the past', async () => {
    await give('old', marek, { priority: 'P1' });
    await reach(marek, [push('marek')]);
    await ring.out.after(600);
    expect(ring.receiver.got).toEqual([]);
  });
  test('somebody has taken it before it rings: it does not', async () => {
    await reach(marek, [push('marek')]);
    await give('x', marek);
    await ring.plant.must(task('x').acknowledge().by(marek));
    await ring.out.after(60);
    expect(ring.receiver.got).toEqual([]);
    expect(await noticed()).toEqual([]);
  });
  test('each channel has its own threshold', async () => {
    await reach(marek, [push('all'), { ...push('urgent'), minPriority: 'P2' }]);
    await give('low', marek, { priority: 'P4' });
    await ring.out.after(30);
    expect(rung()).toEqual(['all: P4 low']);
    await give('high', marek, { priority: 'P1' });
    await ring.out.send();
    expect(rung().sort()).toEqual(['all: P1 high', 'urgent: P1 high']);
  });
  test('an event that is heard twice rings once', async () => {
    await reach(marek, [push('marek')]);
    await give('x', marek, { priority: 'P1' });
    await ring.out.send();
    const { store } = ring.out;
    await ring.out.close();
    begin({ store });
    await ring.out.send();
    expect(rung()).toEqual(['marek: P1 x']);
  });
});

test('an escalation rings whom it names, whoever else has the task, and says the level', async () => {
  await reach(dana, [push('dana')]);
  await ring.plant.run(pump.create({ title: 'Pump 3 leaks', area: PACKAGING, priority: 'P1' }).by(ana));
  await ring.plant.must(pump.escalate({ reason: 'Nobody comes', target: { user: dana.id } }).by(ben));
  await ring.out.send();
  expect(ring.receiver.got[0]!.body).toMatch(/^T-1, Packaging: escalated to you, level 1\n/);
  expect(await noticed()).toMatchObject([{ why: 'escalated', level: 1, user: dana.id }]);
});

describe('many at once', () => {
  test('of one area are one message, most urgent first', async () => {
    await reach(marek, [push('marek')]);
    await give('Guard open', marek, { area: LINE_3, priority: 'P3' });
    await give('Oil low', marek, { area: LINE_3, priority: 'P4' });
    await give('Filler 2 too hot', marek, { area: LINE_3, priority: 'P2' });
    await ring.out.after(10);
    expect(ring.receiver.got.map(({ headers, body }) => [headers['title'], body.split('\n').slice(0, 3)])).toEqual([
      ['3 tasks, line 3: Filler 2 too hot', ['P2 T-3 Filler 2 too hot', 'P3 T-1 Guard open', 'P4 T-2 Oil low']],
    ]);
    expect(await noticed()).toMatchObject([{ priority: 'P2', tasks: { length: 3 } }]);
  });
  test('of two areas are two', async () => {
    await reach(marek, [push('marek')]);
    await give('one', marek, { area: LINE_3, priority: 'P2' });
    await give('two', marek, { area: 'leeds/utilities', priority: 'P2' });
    await ring.out.after(10);
    expect(rung().sort()).toEqual(['marek: P2 one', 'marek: P2 two']);
  });
  test('a hundred alarms in a minute ring a handful of times', async () => {
    await reach(marek, [push('marek')]);
    for (let i = 0; i < 100; i++) {
      await give(`alarm ${i}`, marek, { area: LINE_3, priority: 'P3' });
      await ring.out.after(0.6);
    }
    await ring.out.after(30);
    expect(ring.receiver.got.length).toBeLessThan(5);
    const told = (await noticed()).flatMap((one) => (one as unknown as { tasks: string[] }).tasks);
    expect(new Set(told).size).toBe(100);
  });
  test('the innermost area around them all names them', () => {
    expect(commonArea(['a/b/c', 'a/b/d', 'a/b'])).toBe('a/b');
    expect(commonArea(['a/b', 'ab'])).toBeNull();
    expect(commonArea(['a/b', null])).toBeNull();
    expect(commonArea(['a/b'])).toBe('a/b');
  });
});

describe('quiet hours', () => {
  const quiet = { from: '22:00', to: '06:00', exceptPriority: 'P2' as const };
  const at = (time: string) => Date.parse(`2026-11-20T${time}:00Z`);
  test('hold what may wait until they end, then tell it in one summary', async () => {
    await reach(marek, [push('marek')], { quietHours: quiet });
    await give('one', marek, { priority: 'P3' });
    await give('two', marek, { area: 'leeds/utilities', priority: 'P4' });
    await give('seen to', marek, { priority: 'P3' });
    await give('urgent', marek, { priority: 'P2' });
    await ring.out.after(10);
    expect(rung()).toEqual(['marek: P2 urgent']);
    await ring.plant.must(task('seen to').acknowledge().by(marek));
    ring.plant.waitUntil('2026-11-21T05:59:59.000Z');
    await ring.out.send();
    expect(ring.receiver.got).toEqual([]);
    ring.plant.waitUntil('2026-11-21T06:00:00.000Z');
    await ring.out.send();
    expect(rung()).toEqual(['marek: 2 tasks, leeds: one']);
    expect((await noticed()).at(-1)).toMatchObject({ why: 'summary', area: 'leeds', tasks: { length: 2 } });
  });
  test.each([
    ['22:00', 'P3', '2026-11-21T06:00:00.000Z'],
    ['23:30', 'P4', '2026-11-21T06:00:00.000Z'],
    ['05:59', 'P3', '2026-11-20T06:00:00.000Z'],
    ['06:00', 'P3', null],
    ['21:59', 'P4', null],
    ['23:00', 'P2', null],
    ['23:00', 'P1', null],
  ] as const)('over night at %s, %s waits until %s', (time, priority, until) =>
    expect(quietUntil(quiet, priority, at(time), 'Europe/London')).toBe(until && Date.parse(until)),
  );
  test('by day, and in the organisation’s zone', () => {
    const lunch = { from: '12:00', to: '13:00', exceptPriority: 'P1' as const };
    expect(quietUntil(lunch, 'P2', at('11:30'), 'Europe/Berlin')).toBe(at('12:00'));
    expect(quietUntil(lunch, 'P2', at('12:00'), 'Europe/Berlin')).toBeNull();
  });
  test('the night in which clocks go forward ends at six all the same', () =>
    expect(quietUntil(quiet, 'P3', Date.parse('2027-03-27T23:00:00Z'), 'Europe/London')).toBe(
      Date.parse('2027-03-28T05:00:00Z'),
    ));
});

describe('when it does not go out', () => {
  test('three more attempts, each with the same id, then it has failed, visibly', async () => {
    await reach(marek, [push('marek')]);
    ring.receiver.answers(500, 'cut', 503, 500);
    await give('x', marek, { priority: 'P1' });
    await ring.out.send();
    for (const seconds of [10, 60, 300]) await ring.out.after(seconds);
    expect(ring.receiver.got.length).toBe(4);
    expect(new Set(ring.receiver.got.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(await noticed()).toMatchObject([
      { type: 'notice.failed', user: marek.id, channel: 'ntfy', problem: 'It answered 500.', attempts: 4 },
    ]);
    await ring.out.after(3600);
    // What rings now is the next level, because nobody has answered.
    const first = ring.receiver.got[0]!.headers['idempotency-key'];
    expect(ring.receiver.got.filter(({ headers }) => headers['idempotency-key'] === first).length).toBe(4);
  });
  test('an address that is not there is given up at once', async () => {
    await reach(marek, [push('marek')]);
    ring.receiver.answers(404);
    await give('x', marek, { priority: 'P1' });
    await ring.out.after(600);
    expect(ring.receiver.got.length).toBe(1);
    expect(await noticed()).toMatchObject([{ type: 'notice.failed', problem: 'It answered 404.', attempts: 1 }]);
  });
  test('a second attempt that is taken is a notice like any other', async () => {
    await reach(marek, [push('marek')]);
    ring.receiver.answers(500);
    await give('x', marek, { priority: 'P1' });
    await ring.out.send();
    await ring.out.after(10);
    expect(await noticed()).toMatchObject([{ type: 'notice.sent', attempts: 2 }]);
  });
  test('without a mail server, mail says what to set', async () => {
    await reach(marek, [{ kind: 'email', address: 'marek@example.com' }]);
    await give('x', marek, { priority: 'P1' });
    await ring.out.send();
    expect(await noticed()).toMatchObject([
      { type: 'notice.failed', problem: expect.stringContaining('OPERARY_SMTP_URL') },
    ]);
  });
});

test('a test notice goes to every channel of one’s own, whatever its threshold', async () => {
  await reach(marek, [push('one'), { ...push('two'), minPriority: 'P1' }], {
    quietHours: { from: '22:00', to: '06:00' },
  });
  await ring.plant.must(contactOf(marek).test().by(marek));
  await ring.out.send();
  expect(rung().sort()).toEqual(['one: Test notice', 'two: Test notice']);
  expect(await noticed()).toMatchObject([{ why: 'test', tasks: [] }, { why: 'test' }]);
});

test('an admin is rung when a webhook does not answer any more', async () => {
  await reach(root, [push('admin')]);
  await ring.out.hook('erp', { url: `${ring.receiver.url}/erp`, types: ['task.created'] });
  ring.receiver.answers(410);
  await give('x', ana, { priority: 'P4' });
  await ring.out.send();
  await ring.out.send();
  expect(ring.receiver.got.map(({ path, headers }) => [path, headers['title']])).toEqual([
    ['/erp', undefined],
    ['/admin', 'Webhook erp is disabled'],
  ]);
});

describe('contacts', () => {
  test('[L14] one’s own, or an admin’s to set', async () => {
    const channels: Channels = [{ kind: 'email', address: 'x@example.com' }];
    await given(anOrganisation())
      .when(contactOf(marek).set({ user: marek.id, channels }), by(ben))
      .refused('role-not-allowed');
    await given(anOrganisation())
      .when(contactOf(marek).set({ user: marek.id, channels }), by(root))
      .then('contact.set');
    await given(anOrganisation(), contactOf(marek).set({ channels }).by(marek))
      .when(contactOf(marek).test(), by(ben))
      .refused('role-not-allowed');
    await given(anOrganisation()).when(contactOf(ben).set({ channels }), by(marek)).refused('invalid-input');
  });
  test.each([
    ['email', 'not an address'],
    ['email', 'a@b.example, c@d.example'],
    ['ntfy', 'marek'],
    ['ntfy', 'https://user:pass@ntfy.example.com/marek'],
    ['slack', 'javascript:alert(1)'],
  ] as const)('%s at %s is refused', async (kind, address) => {
    await given(anOrganisation())
      .when(contactOf(marek).set({ channels: [{ kind, address }] }), by(marek))
      .refused('invalid-input');
  });
  test('addresses stand in no leaf', async () => {
    await reach(marek, [{ kind: 'email', address: 'marek.secret@example.com' }]);
    const leaves = await ring.plant.ledger.leaves(marek.org, 1, await ring.plant.head());
    expect(leaves.map(({ leaf }) => Buffer.from(leaf).toString()).join('')).not.toContain('marek.secret');
    expect((await ring.plant.state<ContactState>(contactOf(marek))).channels).toMatchObject([
      { address: 'marek.secret@example.com' },
    ]);
  });
  test('[L7] there is nothing to test without an address', () =>
    given(anOrganisation(), contactOf(marek).set({ channels: [] }).by(marek))
      .when(contactOf(marek).test(), by(marek))
      .refused('transition-not-allowed'));
});
