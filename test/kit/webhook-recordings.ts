/** Standard Webhooks as npm `standardwebhooks` 1.1.1 signed them: beside the request, the secret and the clock that they are judged by. */
import { readFileSync } from 'node:fs';

export interface WebhookRecording {
  readonly headers: Readonly<Record<string, string>>;
  /** The exact text of the body. */
  readonly body: string;
  readonly secret: string;
  readonly oldSecret?: string;
  /** Seconds since 1970. */
  readonly now: number;
  /** `accept`, or `reject: …`. */
  readonly expect: string;
}

export const webhookRecording = (name: string): WebhookRecording =>
  JSON.parse(
    readFileSync(new URL(`../fixtures/standardwebhooks-${name}.json`, import.meta.url), 'utf8'),
  ) as WebhookRecording;
