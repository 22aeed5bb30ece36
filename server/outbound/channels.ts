/** How a notice reaches a person: one small function per kind of channel. */
import type { ChannelKind } from '../../shared/features/contacts/contract.ts';
import type { Priority } from '../../shared/kernel/work.ts';
import type { Delivered } from './delivered.ts';
import type { SendMail } from './mail.ts';
import { NotSent, type Answered, type Post } from './post.ts';
import type { Words } from './wording.ts';

export interface Message extends Words {
  /** The same for each attempt. */
  readonly id: string;
  readonly address: string;
  readonly priority: Priority | null;
  readonly link: string;
  readonly signal: AbortSignal;
}

export type Channels = Readonly<Record<ChannelKind, (message: Message) => Promise<Delivered>>>;

export interface ChannelMeans {
  readonly post: Post;
  /** Absent: the server has no mail server. */
  readonly mail: SendMail | undefined;
  /** A token for push, and the one server that it is shown to. */
  readonly push: { readonly url: string; readonly token: string } | undefined;
}

/** 5 rings through a phone's quiet, 3 is usual. */
const PUSH: Readonly<Record<Priority, number>> = { P1: 5, P2: 4, P3: 3, P4: 2 };
const TAGS: Readonly<Record<Priority, string>> = { P1: 'rotating_light', P2: 'warning', P3: 'wrench', P4: 'memo' };

export const createChannels = ({ post, mail, push }: ChannelMeans): Channels => ({
  ntfy: ({ id, address, title, text, priority, link, signal }) =>
    delivered(
      post({
        url: address,
        body: text,
        signal,
        headers: {
          'content-type': 'text/plain; charset=utf-8',
          title: inHeader(title),
          priority: String(PUSH[priority ?? 'P3']),
          tags: TAGS[priority ?? 'P3'],
          click: link,
          'idempotency-key': id,
          ...(push && URL.parse(address)?.origin === URL.parse(push.url)?.origin
            ? { authorization: `Bearer ${push.token}` }
            : {}),
        },
      }),
    ),
  slack: ({ id, address, title, text, signal }) =>
    delivered(
      post({
        url: address,
        body: JSON.stringify({ text: `*${inSlack(title)}*\n${inSlack(text)}` }),
        signal,
        headers: { 'content-type': 'application/json', 'idempotency-key': id },
      }),
    ),
  email: async ({ id, address, title, text, priority, signal }) => {
    if (!mail)
      return {
        sent: false,
        isFinal: true,
        problem: 'This server has no mail server. Set OPERARY_SMTP_URL and OPERARY_MAIL_FROM.',
      };
    return mail({ id, to: address, subject: title, text, isUrgent: priority === 'P1', signal });
  },
});

/** Too early, too many, too slow: worth another attempt. */
const PASSING: readonly number[] = [408, 425, 429];

async function delivered(answer: Promise<Answered>): Promise<Delivered> {
  try {
    const { status } = await answer;
    if (status >= 200 && status < 300) return { sent: true };
    if (status >= 300 && status < 400)
      return {
        sent: false,
        isFinal: true,
        status,
        problem: 'The address leads elsewhere, and redirects are not followed.',
      };
    const isFinal = status >= 400 && status < 500 && !PASSING.includes(status);
    return { sent: false, isFinal, status, problem: `It answered ${status}.` };
  } catch (error) {
    if (error instanceof NotSent) return { sent: false, isFinal: false, problem: error.message };
    throw error;
  }
}

/** RFC 2047: a header holds ASCII. */
const inHeader = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;

/** Slack's own three control characters. */
const inSlack = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
