/** What goes to the server straight away, because only it can decide. */
import { expect, test } from 'vitest';
import type { Asked } from '../../plugin/asking.ts';
import { createOverHttp } from '../../plugin/outbox/over-http.ts';
import { features } from '../../shared/features/index.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { manualClock } from '../kit/manual-clock.ts';
import { scriptedLink, type ScriptedLink } from '../kit/scripted-link.ts';

const register = createRegister(features);
const subject = { kind: 'token', id: '0192f000-0000-7000-8000-000000000001' };
const REVOKE = `POST /v1/tokens/${subject.id}/revoke`;
const entry = register.commands.get('tokens.revoke')!;
const asked: Asked = { type: entry.type, subject, input: { reason: 'Lost' } };

function device(answers: ScriptedLink['answers']) {
  const [link, clock] = [scriptedLink(answers), manualClock()];
  let made = 0;
  return { link, clock, overHttp: createOverHttp({ link, clock, unique: () => `key-${++made}` }) };
}

test('[L4] however often the line breaks, every further try carries the key of the first', async () => {
  let tries = 0;
  const { link, clock, overHttp } = device({
    [REVOKE]: () => (++tries < 3 ? 'nothing' : { json: { id: subject.id, seq: 5 } }),
  });
  const outcome = overHttp.ask(entry, asked);
  expect(overHttp.pending).toBe(1);
  await clock.pass(10_000);
  expect(await outcome).toEqual({ kind: 'done', entity: { id: subject.id, seq: 5 } });
  expect(link.asked.map(({ key }) => key)).toEqual(['key-1', 'key-1', 'key-1']);
  expect(link.asked[0]!.body).toEqual({ reason: 'Lost' });
  expect(overHttp.pending).toBe(0);
});

test('[L7] without a connection nothing is sent, and the person is told so', async () => {
  const { clock, overHttp } = device({ [REVOKE]: () => 'nothing' });
  const outcome = overHttp.ask(entry, asked);
  await clock.pass(60_000);
  expect(await outcome).toMatchObject({
    kind: 'refused',
    code: 'offline',
    detail: expect.stringContaining('nothing was sent') as string,
  });
});

test('a refusal arrives with its sentence and its fields, at once', async () => {
  const fields = [{ field: '/reason', problem: 'Say something here.' }];
  const { link, overHttp } = device({
    [REVOKE]: () => ({ status: 400, json: { code: 'invalid-input', detail: 'No reason.', fields } }),
  });
  expect(await overHttp.ask(entry, asked)).toEqual({
    kind: 'refused',
    code: 'invalid-input',
    detail: 'No reason.',
    fields,
  });
  expect(link.asked).toHaveLength(1);
});
