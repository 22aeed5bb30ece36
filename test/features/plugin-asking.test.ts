import { expect, test } from 'vitest';
import { createAsking } from '../../plugin/asking.ts';
import { createReplica } from '../../plugin/replica.ts';
import { features } from '../../shared/features/index.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { manualClock } from '../kit/manual-clock.ts';
import { scriptedLink, type ScriptedLink } from '../kit/scripted-link.ts';

const register = createRegister(features);
const subject = { kind: 'task', id: '0192f000-0000-7000-8000-000000000001' };
const SEND_BACK = `POST /v1/tasks/${subject.id}/send-back`;

function device(answers: ScriptedLink['answers']) {
  const [link, clock, replica] = [scriptedLink(answers), manualClock(), createReplica(register)];
  replica.load([{ ...subject, number: 1, first: 3, seq: 5, state: register.byKind.get('task')!.initial }]);
  let made = 0;
  return {
    link,
    clock,
    replica,
    asking: createAsking({ link, register, clock, replica, unique: () => `key-${++made}` }),
  };
}

test('[L4] however often the line breaks, every further try carries the key of the first', async () => {
  let tries = 0;
  const { link, clock, asking } = device({
    [SEND_BACK]: () => (++tries < 3 ? 'nothing' : { json: { id: subject.id, seq: 5 } }),
  });
  const outcome = asking.ask({ type: 'tasks.sendBack', subject, input: { reason: 'Still leaking' } });
  expect(asking.pending).toBe(1);
  await clock.pass(10_000);
  expect(await outcome).toMatchObject({ kind: 'done' });
  expect(link.asked.map(({ key }) => key)).toEqual(['key-1', 'key-1', 'key-1']);
  expect(link.asked[0]!.body).toEqual({ reason: 'Still leaking' });
  expect(asking.pending).toBe(0);
});

test('it is done when the event has arrived here, not before', async () => {
  const { clock, replica, asking } = device({ [SEND_BACK]: () => ({ json: { id: subject.id, seq: 6 } }) });
  let isDone = false;
  void asking.ask({ type: 'tasks.sendBack', subject, input: {} }).then(() => (isDone = true));
  await clock.pass(1000);
  expect(isDone).toBe(false);
  const held = replica.get(subject)!;
  replica.load([{ ...held, seq: 6 }]);
  asking.moved('task/0192f000-0000-7000-8000-000000000001');
  await clock.pass(0);
  expect(isDone).toBe(true);
});

test('[L7] without a connection nothing is sent, and the person is told so', async () => {
  const { clock, asking } = device({ [SEND_BACK]: () => 'nothing' });
  const outcome = asking.ask({ type: 'tasks.sendBack', subject, input: {} });
  await clock.pass(60_000);
  expect(await outcome).toMatchObject({
    kind: 'refused',
    code: 'offline',
    detail: expect.stringContaining('nothing was sent') as string,
  });
});

test('a refusal arrives with its sentence and its fields, at once', async () => {
  const fields = [{ field: '/reason', problem: 'Say something here.' }];
  const { link, asking } = device({
    [SEND_BACK]: () => ({ status: 400, json: { code: 'invalid-input', detail: 'No reason.', fields } }),
  });
  expect(await asking.ask({ type: 'tasks.sendBack', subject, input: {} })).toEqual({
    kind: 'refused',
    code: 'invalid-input',
    detail: 'No reason.',
    fields,
  });
  expect(link.asked).toHaveLength(1);
});
