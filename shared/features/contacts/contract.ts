/** Contacts: how a person is rung, in which order of urgency, and when not. Addresses are personal data: they can be erased. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { derivedId } from '../../kernel/ids.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { erasable, line, uuid } from '../../kernel/schema.ts';
import { priority } from '../../kernel/work.ts';

export const channelKind = z.enum(['ntfy', 'email', 'slack']);
export type ChannelKind = z.output<typeof channelKind>;

const WEB = /^https?:\/\/[^\s/?#@]+(?:[/?#][^\s]*)?$/i;
const FITS: Readonly<Record<ChannelKind, (address: string) => boolean>> = {
  ntfy: (address) => WEB.test(address) && URL.canParse(address),
  slack: (address) => WEB.test(address) && URL.canParse(address),
  email: (address) => z.email().safeParse(address).success,
};

const minPriority = priority.optional().meta({ description: 'Only what is at least as urgent' });

const channel = z
  .strictObject({
    kind: channelKind,
    address: line(500).meta({
      description: 'Of ntfy the address of the topic, of Slack that of the incoming webhook',
      example: 'https://ntfy.example.com/marek-4711',
    }),
    minPriority,
  })
  .refine(({ kind, address }) => FITS[kind](address), {
    path: ['address'],
    message: 'Must be an e-mail address for email, and an address that begins with https:// for ntfy and slack.',
  });

const clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'Must be a time of day such as 22:00.');

export const quietHours = z
  .strictObject({
    from: clock,
    to: clock,
    exceptPriority: z
      .enum(['P1', 'P2', 'P3'])
      .default('P2')
      .meta({ description: 'What is at least as urgent rings all the same; P1 always does' }),
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'Must be another time than from.' });
export type QuietHours = z.output<typeof quietHours>;

export const language = z
  .string()
  .regex(/^[a-z]{2}(?:-[A-Z]{2})?$/, 'Must be a language such as en or de.')
  .meta({ example: 'de' });

const whose = { user: uuid.optional().meta({ description: 'Whose; absent: your own. Others’ are an admin’s to set' }) };

/** Whose contact a request is about, before anything of it was checked. */
const ofWhom = (input: unknown, caller: { readonly id: string }): string => {
  const { user } = Object(input) as { readonly user?: unknown };
  return contactId(typeof user === 'string' ? user : caller.id);
};

export const commands = {
  set: command(
    {
      ...whose,
      channels: z.array(channel).max(5),
      quietHours: quietHours
        .optional()
        .meta({ description: 'In the organisation’s zone; what may wait comes as one summary at their end' }),
      language: language.optional(),
    },
    {
      permission: 'contact.own',
      creates: 'or-updates',
      title: 'Set contact addresses',
      online: true,
      names: (input, caller) => ofWhom(input, caller),
    },
  ),
  test: command(whose, {
    permission: 'contact.own',
    title: 'Send a test notice',
    online: true,
    names: (input, caller) => ofWhom(input, caller),
  }),
} as const;

export const events = {
  'contact.set': event({
    user: uuid,
    channels: z.array(z.object({ kind: channelKind, address: erasable(z.string()), minPriority: priority.nullable() })),
    quietHours: z.object({ from: z.string(), to: z.string(), exceptPriority: priority }).nullable(),
    language: z.string().nullable(),
  }),
  'contact.test_asked': event({}),
} as const;

export interface Channel {
  readonly kind: ChannelKind;
  readonly address: string;
  readonly minPriority: z.output<typeof priority> | null;
}

export interface ContactState {
  readonly user: string;
  readonly channels: readonly Channel[];
  readonly quietHours: z.output<(typeof events)['contact.set']['body']>['quietHours'];
  readonly language: string | null;
}

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  user: uuid,
  channels: z.array(
    z.object({
      kind: channelKind,
      address: z.string().meta({ description: 'Of Slack the host only: the rest of it is a secret' }),
      minPriority: priority.nullable(),
    }),
  ),
  quietHours: z.object({ from: z.string(), to: z.string(), exceptPriority: priority }).nullable(),
  language: z.string().nullable(),
});

/** A person has one, so its id follows from theirs. */
export const contactId = (user: string): string => derivedId('contact', user);

export const contactsOf = (users: readonly string[]): Read<readonly Row<ContactState>[]> =>
  select('contacts', { where: { user: { in: users } } });
