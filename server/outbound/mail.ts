/** E-mail by SMTP, through the mail server that the operator has set. */
import { createTransport } from 'nodemailer';
import type { Delivered } from './delivered.ts';

export interface Mail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly isUrgent: boolean;
  readonly signal: AbortSignal;
}

export type SendMail = (mail: Mail) => Promise<Delivered>;

export interface MailSettings {
  /** `smtps://user:password@host`: never logged. */
  readonly url: string;
  readonly from: string;
  /** Right side of message ids. */
  readonly origin: string;
}

const TIMEOUT_MS = 20_000;

export function createMail({ url, from, origin }: MailSettings): SendMail {
  const transport = createTransport(url, {
    from,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as object);
  return async ({ id, to, subject, text, isUrgent, signal }) => {
    try {
      const sent = transport.sendMail({
        // As an object, so that a comma in it makes no second recipient.
        to: { name: '', address: to },
        subject,
        text,
        messageId: `<${id}@${origin}>`,
        ...(isUrgent ? { priority: 'high' as const } : {}),
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      await unlessLeft(sent, signal);
      return { sent: true };
    } catch (error) {
      const { responseCode = 0, code = 'unknown' } = error as { responseCode?: number; code?: string };
      // 5xx is the mail server's final word (RFC 5321 §4.2.1).
      const problem = responseCode
        ? `The mail server answered ${responseCode}.`
        : `The mail server cannot be reached (${code}).`;
      return { sent: false, isFinal: responseCode >= 500, problem };
    }
  };
}

/** The library cannot stop in the middle; a server that leaves does not wait for it. */
async function unlessLeft<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: left, reject } = Promise.withResolvers<never>();
  const leave = () => reject(new Error('The server leaves.'));
  signal.addEventListener('abort', leave);
  try {
    return await Promise.race([work, left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
