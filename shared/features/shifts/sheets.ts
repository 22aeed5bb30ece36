/** The two sheets of a handover: the one that the leader of a shift signs, and the one on which the next leader reads it back. */
import { shortNumber } from '../../kernel/ids.ts';
import { localDateTime, localTime } from '../../kernel/local-time.ts';
import type { Self, Surroundings } from '../../kernel/note.ts';
import { isWithin } from '../../kernel/roles.ts';
import type { Answers, Sheet, SheetPart, Step } from '../../kernel/sheet.ts';
import type { ConditionState } from '../alarms/contract.ts';
import { isOver, type TaskState } from '../tasks/contract.ts';
import type { ShiftState } from './contract.ts';
import { handedOn, wordsOn } from './predecessor.ts';
import { standingEntries } from './report-log.ts';
import type { TaskRow } from './task-lines.ts';
import { inWords, localTimeBeside } from './wording.ts';

const RUNNING = ['active', 'closing'];
const isHere = (area: string | null, shift: ShiftState): boolean => area !== null && isWithin(area, shift.area);

/** Tasks of the area that somebody still has to do: each needs a decision. */
export const toDecide = (state: ShiftState, around: Surroundings): TaskRow[] =>
  (around.all('task') as readonly TaskRow[]).filter(
    ({ state: task }) => !isOver(task.status) && task.status !== 'done' && isHere(task.area, state),
  );

/** Somebody looks at these one by one: nothing is chosen for them. */
const needsThought = ({ state: task }: TaskRow, now: string): boolean =>
  task.priority === 'P1' || task.class === 'safety' || task.dueAt < now;

export const handOver: Sheet<ShiftState> = {
  covers: ['close', 'sign'],
  isDue: ({ status, signature }) => RUNNING.includes(status) && signature === null,
  write(state, self, around, now) {
    const todo = toDecide(state, around);
    return {
      parts: [
        { kind: 'read', heading: 'This shift', lines: figures(state, self, todo, around, now) },
        ...refused(state, around),
        ...log(state, around),
        ...decisions(todo, around, now),
        ...critical(state, todo, around),
        {
          kind: 'fields',
          heading: 'For the next shift',
          help: 'Leave empty what you do not know. Each goes into the log.',
          fields: SAID.map(({ key, label }) => ({ key, label })),
        },
      ],
      acts: [{ title: 'Sign handover', main: true, steps: (answers) => signing(state, todo, answers) }],
    };
  },
};

const SAID = [
  { key: 'critical', label: 'Another critical item', kind: 'handover_item', before: '' },
  { key: 'line', label: 'Line status', kind: 'production', before: 'Line status: ' },
  { key: 'output', label: 'Output', kind: 'production', before: 'Output: ' },
  { key: 'question', label: 'Question', kind: 'handover_item', before: 'Question: ' },
] as const;

/** What was said goes into the log first: a handover can be signed only once. */
function signing(state: ShiftState, todo: readonly TaskRow[], answers: Answers): readonly Step[] | string {
  const asked = new Set(todo.map(({ id }) => id));
  // What others have done meanwhile is to be decided no more.
  const rows = answers.rows('decisions').filter(({ task }) => asked.has(task as string));
  const decided = new Set(rows.flatMap(({ task, decision }) => (decision ? [task] : [])));
  const open = todo.filter(({ id }) => !decided.has(id));
  if (open.length) {
    const names = open.slice(0, 3).map((row) => shortNumber('T', row.number));
    return `Decide each open task: ${names.join(', ')}${open.length > 3 ? ` and ${open.length - 3} more` : ''}.`;
  }
  const chosen = new Set(answers.ticked('also'));
  const items = [
    ...standingEntries(state.entries).map(({ id, text, equipment }) => ({ id, text, equipment })),
    ...todo.map(({ id, number, state: { title, equipment } }) => ({
      id,
      text: `${shortNumber('T', number)} ${title}`,
      equipment,
    })),
  ].filter(({ id }) => chosen.has(id));
  const log = (kind: string, text: string, equipment: string | null = null): Step => ({
    verb: 'log',
    input: { kind, text, ...(equipment === null ? {} : { equipment }) },
  });
  return [
    ...items.map(({ text, equipment }) => log('handover_item', text, equipment)),
    ...SAID.flatMap(({ key, kind, before }) => {
      const text = answers.text(key);
      return text ? [log(kind, before + text)] : [];
    }),
    ...(state.status === 'active' ? [{ verb: 'close', input: {} }] : []),
    { verb: 'sign', input: { decisions: rows } },
  ];
}

export const receive: Sheet<ShiftState> = {
  covers: ['accept', 'refuse'],
  isDue: ({ status, signature, acceptance, seal }, me) =>
    seal === null && ((status === 'closing' && signature !== null && signature.by !== me) || isToSeal(acceptance, me)),
  write(state, self, around, now) {
    const { signature, acceptance } = state;
    if (acceptance)
      return {
        parts: [
          {
            kind: 'read',
            heading: 'Handed over',
            lines: [`Accepted ${localTime(acceptance.at, around.zone)}. Seal it, so that the record is closed.`],
          },
        ],
        acts: [],
        opens: 'seal',
      };
    const todo = toDecide(state, around);
    const items = [
      ...(signature?.criticalItems ?? []).map((id) => taskItem(id, around)),
      ...wordsOn(state).map(({ id, text, equipment }) => ({ id, title: text, detail: equipment ?? '' })),
    ];
    const goesOn = new Set(handedOn(state));
    return {
      parts: [
        ...(items.length
          ? [
              {
                kind: 'tick' as const,
                key: 'critical',
                heading: 'Critical: read back',
                help: 'Say each aloud to whoever hands over, and tick it.',
                items,
              },
            ]
          : []),
        {
          kind: 'read',
          heading: 'The shift',
          lines: [
            `Signed ${localTime(signature!.at, around.zone)} by ${around.userName(signature!.by)}`,
            ...figures(state, self, todo, around, now),
          ],
        },
        {
          kind: 'read',
          heading: 'You take over',
          lines: todo.filter(({ id }) => goesOn.has(id)).map((row) => `${nameOf(row)} · ${detailOf(row, around, now)}`),
        },
        ...log(state, around),
        {
          kind: 'fields',
          heading: 'Your answer',
          fields: [{ key: 'words', label: 'Reservations, or the reason for refusing' }],
        },
      ],
      acts: [
        {
          title: 'Accept handover',
          main: true,
          steps(answers) {
            const [all, reservations] = [answers.ticked('critical'), answers.text('words')];
            const ticked = all.filter((one) => items.some(({ id }) => id === one));
            if (ticked.length < items.length && !reservations)
              return 'Read back every critical item and tick it, or say under reservations why not.';
            const said = reservations ? { reservations } : {};
            return [{ verb: 'accept', input: { criticalItems: ticked, ...said } }];
          },
        },
        {
          title: 'Refuse handover',
          steps(answers) {
            const reason = answers.text('words');
            return reason ? [{ verb: 'refuse', input: { reason } }] : 'Say why you refuse it.';
          },
        },
      ],
    };
  },
};

const isToSeal = (acceptance: ShiftState['acceptance'], me: string): boolean => acceptance?.by === me;

function figures(
  state: ShiftState,
  { id }: Self,
  todo: readonly TaskRow[],
  around: Surroundings,
  now: string,
): readonly string[] {
  const tasks = around.all('task') as readonly TaskRow[];
  const alarms = around.all('condition').filter(({ state: condition }) => {
    const { area, status } = condition as ConditionState;
    return isHere(area, state) && (status === 'UNACK' || status === 'ACKED');
  }).length;
  const finished = tasks.filter(({ state: task }) => task.completedIn === id).length;
  const late = state.entries.filter((entry) => entry.late).length;
  const overdue = todo.filter(({ state: task }) => task.dueAt < now).length;
  return [
    `Log entries ${state.entries.length}${late ? `, ${late} of them late` : ''}`,
    `Tasks completed ${finished} · open ${todo.length}${overdue ? `, ${overdue} of them overdue` : ''}`,
    `Alarms active now ${alarms}`,
  ];
}

const refused = ({ refusals }: ShiftState, around: Surroundings): SheetPart[] =>
  refusals.length
    ? [
        {
          kind: 'read',
          heading: 'Refused before',
          lines: refusals.map(
            ({ by, at, reason }) => `${localTime(at, around.zone)} ${around.userName(by)}: ${reason}`,
          ),
        },
      ]
    : [];

function log({ entries }: ShiftState, around: Surroundings): SheetPart[] {
  const lines = standingEntries(entries).map(({ at, recordedAt, by, kind, text, equipment }) => {
    const what = kind === 'note' ? '' : `${inWords(kind)}: `;
    return `${localTimeBeside(at, recordedAt, around.zone)} ${around.userName(by)}: ${what}${text}${equipment ? ` (${equipment})` : ''}`;
  });
  return lines.length ? [{ kind: 'read', heading: 'From the log', lines }] : [];
}

function decisions(todo: readonly TaskRow[], around: Surroundings, now: string): SheetPart[] {
  if (!todo.length) return [];
  return [
    {
      kind: 'decide',
      key: 'decisions',
      item: 'task',
      answer: 'decision',
      heading: 'Open tasks',
      help: 'Those that are not overdue go on unless you say otherwise. P1, safety and overdue tasks are yours to decide, one by one.',
      choices: [
        { value: 'continue', title: 'Continue' },
        { value: 'reassign', title: 'Reassign', asks: 'assignee' },
        { value: 'cancel', title: 'Cancel', asks: 'reason' },
      ],
      items: [...todo]
        .sort((a, b) => Number(needsThought(b, now)) - Number(needsThought(a, now)))
        .map((row) => ({
          id: row.id,
          title: nameOf(row),
          detail: detailOf(row, around, now),
          ...(needsThought(row, now) ? { urgent: true } : { start: 'continue' }),
        })),
    },
  ];
}

/** P1 and P2 and what was logged for the next shift are critical as they are; others are chosen. */
function critical(state: ShiftState, todo: readonly TaskRow[], around: Surroundings): SheetPart[] {
  const isUrgent = ({ state: task }: TaskRow): boolean => task.priority === 'P1' || task.priority === 'P2';
  const already = wordsOn(state);
  const lines = [...todo.filter(isUrgent).map(nameOf), ...already.map(({ text }) => text)];
  const items = [
    ...standingEntries(state.entries)
      .filter((entry) => !already.includes(entry))
      .map(({ id, at, text, equipment }) => ({
        id,
        title: text,
        detail: [localTime(at, around.zone), equipment].filter(Boolean).join(' · '),
      })),
    ...todo
      .filter((row) => !isUrgent(row))
      .map((row) => ({ id: row.id, title: nameOf(row), detail: row.state.priority })),
  ];
  return [
    ...(lines.length ? [{ kind: 'read' as const, heading: 'Critical: will be read back', lines }] : []),
    ...(items.length
      ? [{ kind: 'tick' as const, key: 'also', heading: 'Choose further critical items', items, folded: true as const }]
      : []),
  ];
}

const nameOf = ({ number, state }: TaskRow): string => `${shortNumber('T', number)} ${state.title}`;

const detailOf = ({ state: { priority, class: kind, status, dueAt } }: TaskRow, { zone }: Surroundings, now: string) =>
  [
    priority,
    ...(kind === 'safety' ? ['safety'] : []),
    inWords(status),
    `${dueAt < now ? 'overdue since' : 'due'} ${localDateTime(dueAt, zone).replace('T', ' ')}`,
  ].join(' · ');

function taskItem(id: string, around: Surroundings) {
  const task = around.state({ kind: 'task', id }) as TaskState | undefined;
  const ref = around.refOf({ kind: 'task', id });
  return { id, title: task ? `${ref} ${task.title}` : 'A task that went on elsewhere', detail: task?.priority ?? '' };
}
