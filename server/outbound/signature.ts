/** Standard Webhooks 1.0.0, `v1`: HMAC-SHA256 over `id.timestamp.body`. While a secret is being replaced both sign. */
import { createHash, createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';

export interface MintedSecret {
  readonly secret: string;
  /** What the record holds of it. */
  readonly hash: string;
}

export function mintSecret(random: (length: number) => Uint8Array = randomBytes): MintedSecret {
  const secret = `${PREFIX}${Buffer.from(random(32)).toString('base64')}`;
  return { secret, hash: createHash('sha256').update(secret).digest('hex') };
}

export interface Signed {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly seconds: number;
  readonly body: string;
}

export const signedHeaders = (secrets: readonly string[], { id, seconds, body }: Signed): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(seconds),
  'webhook-signature': secrets.map((secret) => `v1,${mac(secret, `${id}.${seconds}.${body}`)}`).join(' '),
});

const mac = (secret: string, text: string): string =>
  createHmac('sha256', Buffer.from(secret.slice(PREFIX.length), 'base64'))
    .update(text)
    .digest('base64');
