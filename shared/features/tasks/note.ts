/** A task as a note: properties that people may edit, what led to it, a box, and who did what. */
import type { Edit, Note, NoteText, Property, Surroundings } from '../../kernel/note.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { localDateTime, localTime, monthFolder } from '../../kernel/local-time.ts';
import { fileName, inline, photo, plainProperty, wikilink } from '../../kernel/markdown.ts';
import { ROLES } from '../../kernel/roles.ts';
import type { ConditionState } from '../alarms/contract.ts';
import { isOver, type Assignee, type TaskState, type TaskStatus } from './contract.ts';
import { escalationLines, standing, stepText } from './asked-lines.ts';
import { openOf } from './climbed.ts';
import { attention, further, toDo } from './flag-lines.ts';
import { handsOf } from './hands.ts';
import { photosOf } from './files.ts';

const LETTER = 'T';
export const taskNoteName = (state: TaskState, number: number | null): string =>
  `${shortNumber(LETTER, number)} ${fileName(state.title)}`.trim();

const words = (code: string): string => code.replaceAll('_', ' ');
const CALLOUT: Readonly<Record<TaskStatus, string>> = {
  open: 'todo',
  assigned: 'todo',
  acknowledged: 'todo',
  in_progress: 'note',
  on_hold: 'warning',
  done: 'question',
  closed: 'success',
  cancelled: 'failure',
};
const PLACE: Readonly<Record<TaskStatus, number>> = {
  in_progress: 1,
  on_hold: 2,
  acknowledged: 3,
  assigned: 4,
  open: 5,
  done: 6,
  closed: 7,
  cancelled: 8,
};

const NEXT: Readonly<Record<TaskStatus, readonly string[]>> = {
  open: ['assign'],
  assigned: ['acknowledge'],
  acknowledged: ['start'],
  in_progress: ['complete', 'hold'],
  on_hold: ['resume'],
  done: ['verify', 'sendBack'],
  closed: [],
  cancelled: [],
};

/** What answers whoever was asked in vain so far. */
const ANSWER: Readonly<Partial<Record<TaskStatus, string>>> = {
  open: 'takeOver',
  acknowledged: 'acknowledge',
  in_progress: 'acknowledge',
  on_hold: 'acknowledge',
};
const answers = ({ status, escalations }: TaskState): readonly string[] =>
  openOf(escalations) && ANSWER[status] ? [ANSWER[status]] : [];

/** The status that each of these may have made. */
const MADE: Readonly<Record<string, readonly TaskStatus[]>> = {
  created: ['open'],
  rejected: ['open'],
  assigned: ['assigned'],
  acknowledged: ['acknowledged'],
  started: ['in_progress'],
  resumed: ['in_progress'],
  sent_back: ['in_progress'],
  reopened: ['in_progress'],
  held: ['on_hold'],
  completed: ['done', 'closed'],
  taken_over: ['acknowledged'],
  verified: ['closed'],
  cancelled: ['cancelled'],
};
const WAITING = 'waiting to be sent';

/** The server has not heard yet of what made the status; a further report of the same work made none. */
const isStatusWaiting = ({ status, actions, furtherReports }: TaskState): boolean =>
  actions.some(
    ({ seq, what, waiting }) =>
      waiting && MADE[what]?.includes(status) && !furtherReports.some((report) => report.seq === seq),
  );

const statusWords = (state: TaskState): string =>
  `${words(state.status)}${isStatusWaiting(state) ? ` · ${WAITING}` : ''}`;

export function holderName(holder: Assignee | null, around: Surroundings): string | null {
  if (!holder) return null;
  return 'user' in holder ? around.userName(holder.user) : holder.role;
}

export const note: Note<TaskState> = {
  name: (state, { number }) => taskNoteName(state, number),
  write: (state, self, around): readonly NoteText[] => [
    {
      type: 'task',
      folder: `Tasks/${monthFolder(state.createdAt, around.zone)}`,
      name: taskNoteName(state, self.number),
      properties: properties(state, around),
      regions: [
        { name: 'header', markdown: header(state, self.number, around) },
        { name: 'actions', heading: 'Actions', markdown: actions(state, around) },
      ],
      prose: { heading: 'Notes', after: 'header' },
    },
  ],
  read: (edit, state, { id }, around) => {
    const asked = edit.kind === 'box' ? completing(state, edit.ticked) : readProperty(edit, state, around);
    return typeof asked === 'string'
      ? asked
      : { subject: { kind: 'task', id }, type: `tasks.${asked.verb}`, input: asked.input ?? {} };
  },
  photos: photosOf,
  card(state, { number }, around) {
    const isFlagged = state.flags.length > 0;
    const step = standing(state, around);
    if (isOver(state.status) && !isFlagged && !isStatusWaiting(state)) return null;
    return {
      group: isFlagged ? 'Needs a look' : words(state.status).replace(/^./, (letter) => letter.toUpperCase()),
      rank: isFlagged ? 0 : PLACE[state.status],
      title: `${shortNumber(LETTER, number)} ${state.title}`,
      details: [
        ...toDo(state.flags),
        ...(state.actions.some(({ waiting }) => waiting) ? [WAITING] : []),
        ...(step === null ? [] : [step]),
        ...(state.cameBack ? ['came back'] : []),
        state.priority,
        isFlagged ? words(state.status) : `due ${shown(state.dueAt, around.zone)}`,
        words(holderName(state.assignee, around) ?? 'nobody has it'),
      ],
      urgent: isFlagged || state.priority === 'P1',
      next: [...(isFlagged ? ['review'] : []), ...answers(state), ...NEXT[state.status]],
      work: {
        status: state.status,
        area: state.area,
        dueAt: isOver(state.status) || state.status === 'done' ? null : state.dueAt,
        hands: handsOf(state),
      },
    };
  },
};

function properties(state: TaskState, around: Surroundings): Record<string, Property> {
  const shift = state.shift === null ? undefined : around.linkTo({ kind: 'shift', id: state.shift });
  const holder = holderName(state.assignee, around);
  return {
    title: plainProperty(state.title),
    status: state.status,
    priority: state.priority,
    due: localDateTime(state.dueAt, around.zone),
    assignee: holder === null ? null : plainProperty(holder),
    area: state.area,
    equipment: state.equipment === null ? null : plainProperty(state.equipment),
    class: state.class,
    shift: shift === undefined ? null : wikilink(shift),
    created: localDateTime(state.createdAt, around.zone),
    tags: ['operary/task'],
  };
}

const shown = (at: string, zone: string): string => localDateTime(at, zone).replace('T', ' ');

function header(state: TaskState, number: number | null, around: Surroundings): string {
  const { zone } = around;
  const isInside = state.equipment !== null && state.area !== null && state.equipment.startsWith(`${state.area}/`);
  const place = [
    ...(isInside || state.area === null ? [] : [inline(state.area)]),
    ...(state.equipment === null ? [] : [around.linkToPlace(state.equipment)]),
  ];
  const { assignee } = state;
  const unassigned = state.unassignedBecause ? `nobody: ${inline(state.unassignedBecause)}` : 'nobody yet';
  const lines = [
    `[!${state.priority === 'P1' && !isOver(state.status) ? 'danger' : CALLOUT[state.status]}] ${state.priority} · ${statusWords(state)} · due ${shown(state.dueAt, zone)}`,
    `**For** ${assignee === null ? unassigned : 'user' in assignee ? around.linkToPerson(assignee.user) : inline(words(assignee.role))}${place.length ? ` · **at** ${place.join(' · ')}` : ''}`,
    `**Why** ${why(state, around)}`,
    ...(state.description === null || state.description === state.title
      ? []
      : [`**What** ${inline(state.description)}`]),
    ...(state.hold
      ? [
          `**On hold** ${words(state.hold.reasonCode)}${state.hold.note ? `: ${inline(state.hold.note)}` : ''}${state.hold.resumeAt ? `, until ${shown(state.hold.resumeAt, zone)}` : ''}`,
        ]
      : []),
    ...escalationLines(state, around),
    ...(state.completion
      ? [`**Result** ${words(state.completion.resolutionCode)}: ${inline(state.completion.note)}`]
      : []),
    ...further(state, around),
    ...(state.status === 'done' ? ['**Waits** for another person to verify it'] : []),
  ];
  const isDone = state.status === 'done' || state.status === 'closed';
  const box = `- [${isDone ? 'x' : state.status === 'cancelled' ? '-' : ' '}] ${shortNumber(LETTER, number)} ${inline(state.title)}`;
  const callouts = [attention(state, around), lines].filter(({ length }) => length);
  const parts = callouts.map((callout) => callout.map((line) => `> ${line}`).join('\n'));
  const photos = photosOf(state).map(photo).join(' ');
  return `${[...parts, ...(photos ? [photos] : []), box].join('\n\n')}\n`;
}

function why(state: TaskState, around: Surroundings): string {
  const follows = state.upstream.flatMap(({ kind, id }) =>
    kind === 'task' ? (around.linkTo({ kind, id }) ?? []) : [],
  );
  if (state.cameBack)
    return `**came back**${follows.map((name) => ` after ${wikilink(name)}`).join('')}: ${alarm(state, around)}`;
  if (follows.length) return `follows ${follows.map(wikilink).join(', ')}`;
  return alarm(state, around);
}

function alarm(state: TaskState, around: Surroundings): string {
  if (state.condition !== null) {
    const subject = { kind: 'condition', id: state.condition };
    const condition = around.state(subject) as ConditionState | undefined;
    if (!condition) return 'an alarm or a report, not signalled now';
    const since = condition.activeSince === null ? '' : `, active since ${shown(condition.activeSince, around.zone)}`;
    return `alarm ${around.refOf(subject) ?? ''} ${inline(condition.title)}${since}. **The machine still signals it.**`;
  }
  const { kind, id } = state.createdBy;
  return kind === 'user' ? `${inline(around.userName(id))} asked for it` : 'a rule asked for it';
}

/** Where the name of an event is no word for people. */
const TOLD: Readonly<Record<string, string>> = {
  late_prose: 'added to the notes after the seal',
  files_received: 'brought the photos or files of an earlier entry',
  taken_over: 'took over',
  worsened: 'raised the priority',
};

function actions(state: TaskState, around: Surroundings): string {
  let day = '';
  const isWhole = (at: number): boolean => !state.awaited.some(({ seq }) => seq === at);
  return state.actions
    .map((action) => {
      const { seq, at, by, what, waiting } = action;
      const text = stepText(action, state, around);
      const moment = localDateTime(at, around.zone);
      const isNewDay = moment.slice(0, 10) !== day;
      day = moment.slice(0, 10);
      const who =
        by.kind === 'user' ? inline(around.userName(by.id)) : by.kind === 'integration' ? 'a machine' : 'a rule';
      return `- ${isNewDay ? `${day} ` : ''}${localTime(at, around.zone)} **${who}** ${TOLD[what] ?? words(what)}${text === null ? '' : `: ${inline(text)}`}${waiting ? ` · ${WAITING}` : ''}${isWhole(seq) ? '' : ' · photos or files still to come'}`;
    })
    .join('\n');
}

interface Verb {
  readonly verb: string;
  readonly input?: Readonly<Record<string, unknown>>;
}

const completing = (state: TaskState, ticked = true): Verb | string => {
  if (!ticked) return 'what is done is reopened or sent back with a reason; use the command. The tick was put back.';
  const isDone = isOver(state.status) || state.status === 'done';
  return isDone ? `this task is ${words(state.status)} already.` : { verb: 'complete' };
};

/** What a status in the properties asks for, by where the task is. */
const VERBS: Readonly<Partial<Record<TaskStatus, (state: TaskState) => Verb | string>>> = {
  open: () => ({ verb: 'reject' }),
  assigned: () => 'a task becomes assigned through its assignee. The status was put back.',
  acknowledged: () => ({ verb: 'acknowledge' }),
  in_progress: ({ status }) => ({
    verb: ({ on_hold: 'resume', done: 'sendBack', closed: 'reopen' } as Record<string, string>)[status] ?? 'start',
  }),
  on_hold: () => ({ verb: 'hold' }),
  done: (state) => completing(state),
  closed: (state) => (state.status === 'done' ? { verb: 'verify' } : completing(state)),
  cancelled: () => ({ verb: 'cancel' }),
};

const FIXED: Readonly<Record<string, string>> = {
  title: 'the title of a task stands as it was recorded. Rename the file if you like; the title was put back.',
  priority:
    'the priority of a task stands as it was recorded; escalate it when it is more urgent. The priority was put back.',
  due: 'the due time stands as it was recorded; put the task on hold or escalate it. The due time was put back.',
  area: 'the area of a task stands as it was recorded. It was put back.',
};

function readProperty(
  { key, now }: Extract<Edit, { kind: 'property' }>,
  state: TaskState,
  around: Surroundings,
): Verb | string {
  if (key === 'status') {
    const status = String(now ?? '')
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_');
    const verb = VERBS[status as TaskStatus];
    return verb
      ? verb(state)
      : `"${String(now ?? '')}" is no status. A task is ${Object.keys(CALLOUT).join(', ')}. The status was put back.`;
  }
  if (key === 'assignee') return readAssignee(now, around);
  return FIXED[key] ?? `"${key}" is kept by Operary and was put back.`;
}

function readAssignee(now: Property, around: Surroundings): Verb | string {
  const name = (typeof now === 'object' && now !== null ? (now[0] ?? '') : String(now ?? ''))
    .replace(/^\[\[|\]\]$/g, '')
    .trim();
  if (name === '') return 'a task is taken from somebody by giving it to somebody else. The assignee was put back.';
  const role = name.toLowerCase().replace(/[\s-]+/g, '_');
  if ((ROLES as readonly string[]).includes(role)) return { verb: 'assign', input: { assignee: { role } } };
  const user = around.userByName(name);
  return user === undefined
    ? `nobody here is called "${name}", and it is no role (${ROLES.slice(0, 4).join(', ')}). The assignee was put back.`
    : { verb: 'assign', input: { assignee: { user } } };
}
