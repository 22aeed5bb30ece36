import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { refuse } from '../../kernel/refusal.ts';
import { commands, entity, events, wordingsOf, type WordingState } from './contract.ts';

const initial: WordingState = { channel: 'ntfy', language: null, title: '', text: '', many: null, retired: false };

export const wordings = feature({
  name: 'wordings',
  kind: 'wording',
  letter: 'L',
  summary: 'What notices say, per channel and language',
  commands,
  events,
  entity,
  initial,
  view: (state: WordingState, { id, number }) => ({ id, number, ref: shortNumber('L', number), ...state }),
  reads: {
    set: ({ input }) => ({ others: wordingsOf(input.channel) }),
  },
  decide: {
    set: (_state, { subject, input: { channel, language, title, text, many } }, { others }) =>
      others.some(({ key, value }) => key !== subject.id && value.language === (language ?? null))
        ? refuse('already-exists', 'There are words for this channel and language already: use POST /v1/wordings.')
        : [
            {
              type: 'wording.set',
              body: { channel, language: language ?? null, title, text, many: many ?? null },
            },
          ],
    retire: ({ retired }) =>
      retired
        ? refuse('transition-not-allowed', 'These words are retired already: the usual ones are used.')
        : [{ type: 'wording.retired', body: {} }],
  },
  evolve: {
    'wording.set': (_state, { body: { channel, language, title, text, many } }) => ({
      channel,
      language,
      title,
      text,
      many,
      retired: false,
    }),
    'wording.retired': (state) => ({ ...state, retired: true }),
  },
  tracked: ['title', 'text', 'many', 'retired'],
  areaOf: () => undefined,
  readers: 'config.read',
  columns: { channel: (state) => state.channel, retired: (state) => Number(state.retired) },
  filters: ['channel'],
  titleOf: (state) => `Words of ${state.channel} notices`,
});
