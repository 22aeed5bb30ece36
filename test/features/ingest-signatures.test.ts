/** Who has signed what, over the raw bytes: Standard Webhooks, Grafana, GitHub's manner and PagerDuty's (domain model 3.2 b, d, e). */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type HeaderTexts, type Scheme, verify } from '../../server/ingest/signatures.ts';
import { textOf, utf8 } from '../../shared/kernel/bytes.ts';
import { sdk } from '../kit/sdk.ts';
import {
  asRecorded,
  json,
  signedAsWebhook,
  signedByGrafana,
  signedByHub,
  signedByPagerDuty,
  type Sent,
  WEBHOOK_SECRET,
} from '../kit/sent.ts';
import { webhookRecording } from '../kit/webhook-recordings.ts';

const NOW = 1795227600;
const OLD_SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const ID = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W';
const recordedBody: Sent = { headers: {}, body: utf8(webhookRecording('01-valid').body) };
const signed = (at = NOW, ...keys: readonly (string | KeyObject)[]) =>
  signedAsWebhook(recordedBody, ID, at, ...(keys.length ? keys : [WEBHOOK_SECRET]));
const withHeaders = (sent: Sent, headers: HeaderTexts): Sent => ({ ...sent, headers: { ...sent.headers, ...headers } });
const renamed = ({ headers, body }: Sent, to: string): Sent => ({
  body,
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replace('webhook-', to), value])),
});

function problem(scheme: Scheme, { headers, body }: Sent, secrets: readonly string[], now = NOW): string | undefined {
  return verify(scheme, secrets, headers, body, now * 1000)?.problem;
}
const judged = (sent: Sent, secrets: readonly string[] = [WEBHOOK_SECRET], now = NOW) =>
  problem('standard-webhooks', sent, secrets, now) ?? 'accepted';

const WRONG = 'No signature fits the body and a secret of this integration.';
const pair = generateKeyPairSync('ed25519');
/** The raw 32 bytes are the last of the DER form. */
const publicKey = (key: KeyObject) =>
  `whpk_${key.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')}`;

describe('Standard Webhooks', () => {
  for (const name of ['01-valid', '02-rotation-two-signatures', '05-wrong-secret', '06-too-old']) {
    const { headers, body, secret, oldSecret, now, expect: expected } = webhookRecording(name);
    const sent = { headers, body: utf8(body) };
    test(`[L10] ${name}, byte for byte: ${expected}`, () => {
      expect(judged(sent, [secret], now) === 'accepted').toBe(expected === 'accept');
      if (oldSecret) expect(judged(sent, [oldSecret], now)).toBe('accepted');
    });
  }
  const { headers, body } = signed();
  const text = textOf(body);
  const v1 = headers['webhook-signature']!;
  for (const [row, sent, expected] of [
    ['01 valid', signed(), 'accepted'],
    ['02 signed with an old and a new secret', signed(NOW, OLD_SECRET, WEBHOOK_SECRET), 'accepted'],
    [
      '03 beside a version that nobody knows',
      withHeaders(signed(), { 'webhook-signature': `v9,AAAA ${v1}` }),
      'accepted',
    ],
    ['04 tampered', { headers, body: utf8(text.replace('94.2', '14.2')) }, WRONG],
    ['05 signed with another secret', signed(NOW, OLD_SECRET), WRONG],
    ['06 301 s old', signed(NOW - 301), expect.stringContaining('301 s old')],
    ['07 300 s old', signed(NOW - 300), 'accepted'],
    ['07 300 s ahead', signed(NOW + 300), 'accepted'],
    ['08 301 s ahead', signed(NOW + 301), expect.stringContaining('301 s ahead')],
    ['09 without an id', { body, headers: { ...headers, 'webhook-id': '' } }, 'These headers are missing: webhook-id.'],
    [
      '09 without anything',
      { body, headers: {} },
      expect.stringContaining('webhook-id, webhook-timestamp, webhook-signature'),
    ],
    ['10 the same JSON written anew', { headers, body: utf8(JSON.stringify(JSON.parse(text), null, 1)) }, WRONG],
    ['11 a retry: another time, another signature', signed(NOW + 5), 'accepted'],
    ['11 a retry with the old signature', withHeaders(signed(), { 'webhook-timestamp': String(NOW + 5) }), WRONG],
    ['12 with the headers of Svix', renamed(signed(), 'svix-'), 'accepted'],
    [
      '12 half of one and half of the other',
      { body, headers: { ...headers, 'webhook-signature': '', 'svix-signature': v1 } },
      expect.stringContaining('missing'),
    ],
    ['with headers in capitals', renamed(signed(), 'Webhook-'), 'accepted'],
    ['only a version that nobody knows', withHeaders(signed(), { 'webhook-signature': v1.replace('v1', 'v2') }), WRONG],
    ['an id with a dot', signedAsWebhook(recordedBody, 'msg.1', NOW, WEBHOOK_SECRET), expect.stringContaining('dot')],
    [
      'a time that only begins with digits',
      withHeaders(signed(), { 'webhook-timestamp': `${NOW}x` }),
      expect.stringContaining('not a number'),
    ],
    [
      'a time below zero',
      withHeaders(signed(), { 'webhook-timestamp': '-1' }),
      expect.stringContaining('not a number'),
    ],
    ['a signature that is cut off', withHeaders(signed(), { 'webhook-signature': v1.slice(0, -4) }), WRONG],
    ['a signature that is empty', withHeaders(signed(), { 'webhook-signature': 'v1,' }), WRONG],
  ] as const)
    test(`[L10] ${row}`, () => expect(judged(sent)).toEqual(expected));
  test('any secret of the integration is enough, with its prefix or without', () => {
    expect(judged(signed(), [OLD_SECRET, WEBHOOK_SECRET])).toBe('accepted');
    expect(judged(signed(), [WEBHOOK_SECRET.replace('whsec_', '')])).toBe('accepted');
  });
  test('[L7] without any secret the problem is the integration, not the sender', () => {
    for (const secrets of [[], ['']])
      expect(judged(signed(), secrets)).toContain('No secret is set for this integration.');
  });
  for (const secrets of [[], [''], ['whsec_'], ['not base64 at all']])
    test(`[L10] with ${JSON.stringify(secrets)} for secrets nothing is signed`, () => {
      expect(judged(signed(), secrets)).not.toBe('accepted');
      expect(judged(withHeaders(signed(), { 'webhook-signature': 'v1,' }), secrets)).not.toBe('accepted');
    });
  test('[L10] 13 signed as v1a with an Ed25519 key', () => {
    const sent = signed(NOW, pair.privateKey);
    const theirs = publicKey(pair.publicKey);
    expect(judged(sent, [theirs])).toBe('accepted');
    expect(judged(sent, [WEBHOOK_SECRET, theirs])).toBe('accepted');
    expect(judged(sent, [publicKey(generateKeyPairSync('ed25519').publicKey)])).toBe(WRONG);
    expect(judged({ ...sent, body: utf8(text.replace('94.2', '14.2')) }, [theirs])).toBe(WRONG);
    expect(judged(signed(NOW, pair.privateKey, WEBHOOK_SECRET))).toBe('accepted');
  });
  test('[L10] a public key is no secret: who knows it cannot sign with it', () => {
    const theirs = publicKey(pair.publicKey);
    expect(judged(signed(NOW, theirs.replace('whpk_', '')), [theirs])).toBe(WRONG);
  });
});

interface Signer {
  readonly Webhook: new (secret: string) => { sign(id: string, at: Date, payload: string): string };
}
describe('what the libraries sign', () => {
  for (const [name, prefix] of [
    ['standardwebhooks', 'webhook-'],
    ['svix', 'svix-'],
  ] as const)
    test(`[L10] npm ${name}`, async (context) => {
      const { Webhook } = await sdk<Signer>(context, name);
      for (const payload of [text(), '{"ü":"°C"}', '']) {
        const signature = new Webhook(WEBHOOK_SECRET).sign(ID, new Date(NOW * 1000), payload);
        const headers = { [`${prefix}id`]: ID, [`${prefix}timestamp`]: String(NOW), [`${prefix}signature`]: signature };
        expect(judged({ headers, body: utf8(payload) })).toBe('accepted');
        expect(judged({ headers, body: utf8(`${payload} `) })).toBe(WRONG);
      }
    });
  const text = () => textOf(recordedBody.body);
});

describe('Grafana', () => {
  const { hmac } = JSON.parse(
    readFileSync(new URL('../fixtures/constructed-grafana-firing.json', import.meta.url), 'utf8'),
  ) as { hmac: { secret: string; variantA: { value: string }; variantB: { value: string; timestamp: string } } };
  const sent = asRecorded('constructed-grafana-firing');
  const at = Number(hmac.variantB.timestamp);
  const judge = (one: Sent, now = at) => problem('grafana', one, ['another', hmac.secret], now) ?? 'accepted';
  const [plain, dated] = [signedByGrafana(sent, hmac.secret), signedByGrafana(sent, hmac.secret, at)];

  test('[L10] both forms, as constructed from its sources', () => {
    expect(plain.headers['x-grafana-alerting-signature']).toBe(hmac.variantA.value);
    expect(dated.headers['x-grafana-alerting-signature']).toBe(hmac.variantB.value);
    expect([judge(plain), judge(dated)]).toEqual(['accepted', 'accepted']);
  });
  for (const [what, one, now, expected] of [
    ['300 s old', dated, at + 300, 'accepted'],
    ['301 s old', dated, at + 301, expect.stringContaining('301 s old')],
    [
      'with the timestamp left out',
      { ...dated, headers: { ...dated.headers, 'x-grafana-alerting-timestamp': undefined! } },
      at,
      WRONG,
    ],
    ['with another timestamp', withHeaders(dated, { 'x-grafana-alerting-timestamp': String(at + 60) }), at, WRONG],
    ['with a timestamp put in', withHeaders(plain, { 'x-grafana-alerting-timestamp': String(at) }), at, WRONG],
    ['tampered', { ...plain, body: utf8('{}') }, at, WRONG],
    ['unsigned', sent, at, 'These headers are missing: x-grafana-alerting-signature.'],
  ] as const)
    test(`[L10] ${what}`, () => expect(judge(one, now)).toEqual(expected));
});

describe("in GitHub's manner and PagerDuty's", () => {
  const sent = json({ a: 'ü' });
  const judge = (scheme: Scheme, one: Sent) => problem(scheme, one, ['old', 'new']) ?? 'accepted';
  for (const [what, scheme, one, expected] of [
    ['sha256=…', 'hub-sha256', signedByHub(sent, 'new'), 'accepted'],
    ['sha256=… with another secret', 'hub-sha256', signedByHub(sent, 'other'), WRONG],
    ['sha256=… of another body', 'hub-sha256', { ...signedByHub(sent, 'new'), body: utf8('{}') }, WRONG],
    [
      'without the name of the digest',
      'hub-sha256',
      withHeaders(sent, { 'x-hub-signature-256': signedByHub(sent, 'new').headers['x-hub-signature-256']!.slice(7) }),
      WRONG,
    ],
    ['unsigned', 'hub-sha256', sent, 'These headers are missing: X-Hub-Signature-256.'],
    ['v1=…', 'pagerduty', signedByPagerDuty(sent, 'new'), 'accepted'],
    ['v1=… in the middle of a rotation', 'pagerduty', signedByPagerDuty(sent, 'other', 'old'), 'accepted'],
    ['v1=… with other secrets', 'pagerduty', signedByPagerDuty(sent, 'other', 'another'), WRONG],
    ['unsigned', 'pagerduty', sent, 'These headers are missing: X-PagerDuty-Signature.'],
  ] as const)
    test(`[L10] ${scheme}: ${what}`, () => expect(judge(scheme, one)).toBe(expected));
});
