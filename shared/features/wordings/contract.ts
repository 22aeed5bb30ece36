/** Wordings: what a notice says, per channel and language. Words with places to fill, and nothing that runs. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { derivedId } from '../../kernel/ids.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { line, text, uuid } from '../../kernel/schema.ts';
import { channelKind, language } from '../contacts/contract.ts';
import { PLACES, strangePlace } from './fill.ts';

const known = {
  message: `There is no such place to fill. There are: ${PLACES.map((name) => `{{${name}}}`).join(' ')}.`,
};
const isKnown = (words: string): boolean => strangePlace(words) === undefined;
const title = line(200).refine(isKnown, known);
const body = text(2000).refine(isKnown, known);

const words = {
  title: title.meta({ example: '{{priority}} {{title}}' }),
  text: body.meta({ example: '{{ref}} in {{area}}: {{link}}' }),
};

export const commands = {
  set: command(
    {
      channel: channelKind,
      language: language.optional().meta({ description: 'Absent: for everybody for whom there is none in their own' }),
      ...words,
      many: z
        .strictObject(words)
        .optional()
        .meta({ description: 'Of several things in one message; {{list}} names them' }),
    },
    {
      permission: 'config.write',
      creates: 'or-updates',
      title: 'Set the words of notices',
      online: true,
      names: (input, { org }) => {
        const { channel, language: of } = Object(input) as { readonly channel?: unknown; readonly language?: unknown };
        return derivedId('wording', org, String(channel), typeof of === 'string' ? of : '');
      },
    },
  ),
  retire: command({}, { permission: 'config.write', title: 'Go back to the usual words', online: true }),
} as const;

const kept = z.object({ title: z.string(), text: z.string() });

export const events = {
  'wording.set': event({
    channel: channelKind,
    language: z.string().nullable(),
    ...kept.shape,
    many: kept.nullable(),
  }),
  'wording.retired': event({}),
} as const;

export interface WordingState {
  readonly channel: z.output<typeof channelKind>;
  readonly language: string | null;
  readonly title: string;
  readonly text: string;
  readonly many: { readonly title: string; readonly text: string } | null;
  readonly retired: boolean;
}

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  channel: channelKind,
  language: z.string().nullable(),
  ...kept.shape,
  many: kept.nullable(),
  retired: z.boolean(),
});

export const wordingsOf = (channel: string): Read<readonly Row<WordingState>[]> =>
  select('wordings', { where: { channel, retired: 0 }, order: 'oldest' });
