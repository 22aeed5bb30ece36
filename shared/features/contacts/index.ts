import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { refuse } from '../../kernel/refusal.ts';
import { usersAmong } from '../users/contract.ts';
import { commands, contactId, entity, events, type Channel, type ContactState } from './contract.ts';

const initial: ContactState = { user: '', channels: [], quietHours: null, language: null };

/** Whoever knows the address of an incoming webhook can write there. */
const shown = ({ kind, address, minPriority }: Channel): Channel => ({
  kind,
  address: kind === 'slack' ? `${URL.parse(address)?.origin ?? ''}/…` : address,
  minPriority,
});

export const contacts = feature({
  name: 'contacts',
  kind: 'contact',
  letter: 'P',
  summary: 'How people are rung: addresses, urgency, quiet hours',
  commands,
  events,
  entity,
  initial,
  view: ({ user, channels, quietHours, language }: ContactState, { id, number }) => ({
    id,
    number,
    ref: shortNumber('P', number),
    user,
    channels: channels.map(shown),
    quietHours,
    language,
  }),
  reads: {
    set: ({ input, caller }) => ({ person: usersAmong([input.user ?? caller.id]) }),
  },
  decide: {
    set: (_state, { subject, caller, input: { user = caller.id, channels, quietHours, language } }, { person }) => {
      if (!person.length)
        return refuse('unknown-reference', 'There is no such person; add them first.', {
          fields: [{ field: '/user', problem: 'unknown' }],
        });
      if (subject.id !== contactId(user))
        return refuse(
          'invalid-input',
          'A person has one contact, whose id follows from theirs: use POST /v1/contacts.',
        );
      const body = {
        user,
        channels: channels.map(({ kind, address, minPriority }) => ({
          kind,
          address,
          minPriority: minPriority ?? null,
        })),
        quietHours: quietHours ?? null,
        language: language ?? null,
      };
      return [{ type: 'contact.set', body }];
    },
    test: ({ channels }) =>
      channels.length
        ? [{ type: 'contact.test_asked', body: {} }]
        : refuse('transition-not-allowed', 'There is no address to ring. Set one first.'),
  },
  evolve: {
    'contact.set': (_state, { body: { user, channels, quietHours, language } }) => ({
      user,
      channels,
      quietHours,
      language,
    }),
    'contact.test_asked': (state) => state,
  },
  tracked: ['quietHours', 'language'],
  areaOf: () => undefined,
  concern: (state, { input, caller }) => {
    const { user } = input as { readonly user?: string };
    return { holders: [{ user: user ?? (state.user || caller.id) }] };
  },
  readers: 'config.read',
  owner: (state) => state.user,
  columns: { user: (state) => state.user },
  filters: ['user'],
  titleOf: () => 'Contact addresses',
});
