/**
 * Whether a sender has signed these bytes. Checked before anything parses them, over what came and not over what it means: the same JSON
 * written anew has another signature.
 */
import { createHash, createHmac, createPublicKey, timingSafeEqual, verify as verifySignature } from 'node:crypto';
import { utf8, concat } from '../../shared/kernel/bytes.ts';

export type Scheme = 'standard-webhooks' | 'grafana' | 'hub-sha256' | 'pagerduty';
export type HeaderTexts = Readonly<Record<string, string>>;
export interface Problem {
  readonly problem: string;
}
type Check = (secrets: readonly string[], headers: HeaderTexts, raw: Uint8Array, nowMs: number) => null | Problem;

/** Seconds that a signed time may be off, either way: the constant of Standard Webhooks. */
export const TOLERANCE = 300;
/** Grafana lets its admin choose the names; these are the ones that our snippet asks for. */
export const GRAFANA = {
  signature: 'x-grafana-alerting-signature',
  timestamp: 'x-grafana-alerting-timestamp',
} as const;

/** Any of the secrets is enough, so that one can be changed without a gap. Null: signed. */
export function verify(
  scheme: Scheme,
  secrets: readonly string[],
  headers: HeaderTexts,
  raw: Uint8Array,
  nowMs: number,
): null | Problem {
  const set = secrets.filter(Boolean);
  if (!set.length) return { problem: 'No secret is set for this integration. Rotate it to get one.' };
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return CHECKS[scheme](set, lower, raw, nowMs);
}

const WRONG: Problem = { problem: 'No signature fits the body and a secret of this integration.' };
const lacks = (...names: readonly string[]): Problem => ({
  problem: `These headers are missing: ${names.join(', ')}.`,
});

const hexOf = (secret: string, ...parts: readonly Uint8Array[]): string =>
  createHmac('sha256', secret)
    .update(concat(...parts))
    .digest('hex');

/** Compared by digests: the time it takes tells neither where two texts differ nor how long they are. */
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const anySame = (given: readonly string[], wanted: readonly string[]): boolean =>
  // All are compared, whichever fits: how many there were before it is nobody's business.
  given.flatMap((one) => wanted.map((other) => same(one, other))).some(Boolean);

/** Null when the time is within the tolerance, both ends included. */
function late(timestamp: string, nowMs: number): null | Problem {
  if (!/^\d{1,12}$/.test(timestamp)) return { problem: 'The timestamp is not a number of seconds since 1970.' };
  const age = Math.floor(nowMs / 1000) - Number(timestamp);
  if (age > TOLERANCE)
    return { problem: `The message is ${age} s old: more than ${TOLERANCE}. Check the clock of the sender.` };
  return age < -TOLERANCE
    ? { problem: `The message is ${-age} s ahead: more than ${TOLERANCE}. Check the clock of the sender.` }
    : null;
}

const hub: Check = (secrets, headers, raw) => {
  const given = headers['x-hub-signature-256'];
  if (!given) return lacks('X-Hub-Signature-256');
  return anySame(
    [given.trim().toLowerCase()],
    secrets.map((secret) => `sha256=${hexOf(secret, raw)}`),
  )
    ? null
    : WRONG;
};

/** With a timestamp the signature covers `TIME:BODY`, so that leaving the header out breaks it. Without one a replay cannot be told. */
const grafana: Check = (secrets, headers, raw, nowMs) => {
  const given = headers[GRAFANA.signature];
  const timestamp = headers[GRAFANA.timestamp]?.trim();
  if (!given) return lacks(GRAFANA.signature);
  const signed = timestamp === undefined ? [raw] : [utf8(`${timestamp}:`), raw];
  if (
    !anySame(
      [given.trim().toLowerCase()],
      secrets.map((secret) => hexOf(secret, ...signed)),
    )
  )
    return WRONG;
  return timestamp === undefined ? null : late(timestamp, nowMs);
};

const pagerduty: Check = (secrets, headers, raw) => {
  const given = headers['x-pagerduty-signature'];
  if (!given) return lacks('X-PagerDuty-Signature');
  const listed = given.split(',', MOST).map((one) => one.trim().toLowerCase());
  return anySame(
    listed,
    secrets.map((secret) => `v1=${hexOf(secret, raw)}`),
  )
    ? null
    : WRONG;
};

/** A sender in the middle of a rotation lists two. */
const MOST = 20;

const standardWebhooks: Check = (secrets, headers, raw, nowMs) => {
  const family = 'webhook-id' in headers || !('svix-id' in headers) ? 'webhook' : 'svix';
  const names = ['id', 'timestamp', 'signature'].map((name) => `${family}-${name}`);
  const [id, timestamp, signature] = names.map((name) => headers[name]);
  if (!id || !timestamp || !signature) return lacks(...names.filter((name) => !headers[name]));
  if (id.includes('.'))
    return { problem: 'The id of the message holds a dot: where it ends would be anybody’s guess.' };
  const tooLate = late(timestamp, nowMs);
  if (tooLate) return tooLate;
  const signed = concat(utf8(`${id}.${timestamp}.`), raw);
  const listed = signature.split(/[\s]+/, MOST).map((one) => one.replace(/,$/, '').split(',', 2));
  // Versions that we do not know are skipped, so that senders may add one.
  const of = (version: string): string[] =>
    listed.flatMap(([known, value]) => (known === version && value ? [value] : []));
  const isHmac = anySame(
    of('v1'),
    secrets.flatMap((secret) => hmacOf(secret, signed) ?? []),
  );
  const isEd25519 = of('v1a').some((value) => secrets.some((secret) => fits(secret, value, signed)));
  return isHmac || isEd25519 ? null : WRONG;
};

/** `whsec_` and base64, or base64 alone. */
function hmacOf(secret: string, signed: Uint8Array): string | null {
  const packed = secret.startsWith('whsec_') ? secret.slice(6) : secret;
  const key = /^[A-Za-z0-9+/]+={0,2}$/.test(packed) ? Buffer.from(packed, 'base64') : Buffer.alloc(0);
  return key.length ? createHmac('sha256', key).update(signed).digest('base64') : null;
}

/** Ed25519: the 32 bytes of a public key after `whpk_`. */
function fits(secret: string, signature: string, signed: Uint8Array): boolean {
  const key = secret.startsWith('whpk_') ? Buffer.from(secret.slice(5), 'base64') : Buffer.alloc(0);
  if (key.length !== 32) return false;
  try {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') };
    return verifySignature(
      null,
      signed,
      createPublicKey({ key: jwk, format: 'jwk' }),
      Buffer.from(signature, 'base64'),
    );
  } catch {
    // Not a point of the curve: no key of anybody.
    return false;
  }
}

const CHECKS: Readonly<Record<Scheme, Check>> = {
  'standard-webhooks': standardWebhooks,
  grafana,
  'hub-sha256': hub,
  pagerduty,
};
