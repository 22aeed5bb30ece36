/** Letters: a trade with one people's text each, which can be sealed and gets late entries. */
import * as z from 'zod';
import { command, event, feature } from '../../shared/kernel/feature.ts';
import { proseOf, type Read } from '../../shared/kernel/read.ts';
import { areaPath, sha256Name, timestamp, uuid } from '../../shared/kernel/schema.ts';

const late = {
  author: uuid,
  device: uuid.nullable(),
  inserted: z.string(),
  struck: z.string(),
  context: z.string(),
  update: sha256Name,
};

export interface LetterState {
  readonly area: string;
  readonly sealed: {
    readonly text: string;
    readonly room: string;
    readonly sha256: string;
    readonly updates: number;
  } | null;
  readonly late: readonly {
    readonly author: string;
    readonly inserted: string;
    readonly struck: string;
    readonly context: string;
  }[];
}

const initial: LetterState = { area: '', sealed: null, late: [] };

const commands = {
  create: command({ area: areaPath }, { permission: 'shift.plan', creates: true, title: 'Write letter' }),
  seal: command({ spoil: z.boolean().default(false) }, { permission: 'shift.plan', title: 'Seal letter' }),
  lateProse: command(
    { ...late, receivedAt: timestamp },
    { permission: 'task.carry-over', title: 'Late', internal: true },
  ),
} as const;

const events = {
  'letter.created': event({ area: z.string() }),
  'letter.sealed': event({ text: z.string(), room: z.string(), sha256: z.string(), updates: z.int() }),
  'letter.late': event(late),
} as const;

const reads = {
  seal: ({ subject }: { readonly subject: { readonly id: string } }) => ({ prose: proseOf([subject.id]) }),
} satisfies Record<string, (ask: never) => Readonly<Record<string, Read>>>;

export const letters = feature({
  name: 'letters',
  kind: 'letter',
  letter: 'L',
  summary: 'Letters',
  commands,
  events,
  entity: z.object({ id: uuid, number: z.int(), area: z.string() }),
  view: ({ area }: LetterState, { id, number }) => ({ id, number, area }),
  initial,
  reads,
  decide: {
    create: (_state, { input: { area } }) => [{ type: 'letter.created', body: { area } }],
    seal: (_state, { subject, input }, { prose }) => {
      const [photo] = prose;
      const { text = '', room = '', stateSha256 = '', updates = 0 } = photo ?? {};
      const sealed = { type: 'letter.sealed', body: { text, room, sha256: stateSha256, updates }, seals: [subject.id] };
      // A bug of the trade, after the text has been sealed.
      return input.spoil ? [sealed, { type: 'letter.unheard-of', body: {} }] : [sealed];
    },
    lateProse: (_state, { input: { receivedAt: _receivedAt, ...body } }) => [{ type: 'letter.late', body }],
  },
  evolve: {
    'letter.created': (state, { body }) => ({ ...state, area: body.area }),
    'letter.sealed': (state, { body: { text, room, sha256, updates } }) => ({
      ...state,
      sealed: { text, room, sha256, updates },
    }),
    'letter.late': (state, { body: { author, inserted, struck, context } }) => ({
      ...state,
      late: [...state.late, { author, inserted, struck, context }],
    }),
  },
  tracked: [],
  areaOf: (state) => state.area || undefined,
  concern: (state, { input }) => ({ area: (input as { readonly area?: string }).area ?? state.area }),
  readers: 'operations.read',
  columns: {},
  titleOf: () => 'Letter',
  prose: { permission: 'task.note', late: 'lateProse' },
});
