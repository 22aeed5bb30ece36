/** Files that an entry names and that come after it: until they are here the entry says so, and then the log says who brought them. */
import type { Fact, Recorded } from '../../kernel/event.ts';
import type { Flag } from '../../kernel/flags.ts';
import type { Action, AwaitedFiles, TaskState } from './contract.ts';

const PENDING: Flag = 'evidence_pending';

/** What an event leaves to be brought. */
export function awaitedBy({ seq, body }: Pick<Recorded<object>, 'seq' | 'body'>): readonly AwaitedFiles[] {
  const { evidence } = body as { readonly evidence?: readonly string[] };
  return evidence && body.flags?.includes(PENDING) ? [{ seq, files: evidence }] : [];
}

/** All that its reports brought, each once. */
export const photosOf = ({ evidence = [], completion, furtherReports }: TaskState): readonly string[] => [
  ...new Set([...evidence, ...(completion?.evidence ?? []), ...furtherReports.flatMap((report) => report.evidence)]),
];

/** Of the entries that wait for files, those whose files are all stored. */
export function filesReceived(state: TaskState, stored: readonly string[]): readonly Fact[] {
  const whole = state.awaited.filter(({ files }) => files.every((name) => stored.includes(name)));
  const files = [...new Set(whole.flatMap((entry) => entry.files))];
  return whole.length ? [{ type: 'task.files_received', body: { entries: whole.map(({ seq }) => seq), files } }] : [];
}

/** Who made these entries has brought what they lacked. */
export function withFiles(state: TaskState, entries: readonly number[]): TaskState {
  const settled = <T extends { readonly seq: number; readonly flags?: readonly string[] }>(one: T): T =>
    entries.includes(one.seq) && one.flags ? { ...one, flags: one.flags.filter((flag) => flag !== PENDING) } : one;
  return {
    ...state,
    awaited: state.awaited.filter(({ seq }) => !entries.includes(seq)),
    actions: state.actions.map((action) => withoutNone(settled(action))),
    furtherReports: state.furtherReports.map(settled),
  };
}

export const broughtBy = (state: TaskState, entries: readonly number[]): Action['by'] | undefined =>
  state.actions.find(({ seq }) => entries.includes(seq))?.by;

function withoutNone({ flags, ...action }: Action): Action {
  return flags?.length ? { ...action, flags } : action;
}
