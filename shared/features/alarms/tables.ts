/** Rows beside a condition's own: its episodes, what brought them, and what asked for somebody when. */
import type { Recorded } from '../../kernel/event.ts';
import type { SideTable } from '../../kernel/feature.ts';
import { isOn, type Announcement, type Brought, type ConditionState, type Held, type Occurrence } from './contract.ts';

export const occurrenceOf = (event: Recorded): string | undefined =>
  (event.body as unknown as { occurrence?: string }).occurrence;

const episode = (event: Recorded, state: ConditionState): Occurrence => ({
  condition: event.subject.id,
  title: state.title,
  active: isOn(state),
  area: state.area,
  equipment: state.equipment,
  priority: state.priority,
  startedAt: state.begunAt ?? event.occurredAt,
  clearedAt: state.clearedAt,
  clearCause: state.clearCause,
  closesAt: state.closesAt,
  activations: state.activations,
  announcedAt: state.announcedAt,
});

export const occurrences: SideTable<ConditionState> = {
  columns: { condition: (row: Occurrence) => row.condition },
  // What a device says of an earlier episode tells nothing of the one that goes on.
  from: (event, state) =>
    state.occurrence !== null && occurrenceOf(event) === state.occurrence
      ? [{ key: state.occurrence, value: episode(event, state) }]
      : [],
};

export const transitions: SideTable<ConditionState> = {
  columns: { delivery: (row: Brought) => row.delivery, condition: (row: Brought) => row.condition },
  from: (event) => {
    const { held } = event.body as unknown as { readonly held?: Held };
    return event.upstream
      .filter(({ rel }) => rel === 'reported_by')
      .map(({ id }) => ({
        key: event.id,
        value: {
          delivery: id,
          condition: event.subject.id,
          occurrence: occurrenceOf(event) ?? null,
          kind: event.type.slice('alarm.'.length),
          ...(held ? { held: heldInWords(held) } : {}),
        } satisfies Brought,
      }));
  },
};

const heldInWords = ({ rule, until }: Held): string => (until === null ? rule : `${rule}, until ${until}`);

/** Counted per operating position: what floods, and the figures. */
export const announcements: SideTable<ConditionState> = {
  columns: {
    area: (row: Announcement) => row.area,
    at: (row: Announcement) => row.at,
    class: (row: Announcement) => row.class,
  },
  from: (event, state) => {
    const { occurrence, announcedAt, position, area, priority, title } = state;
    const place = position ?? area;
    if (!ANNOUNCE.includes(event.type) || occurrence === null || announcedAt === null || place === null) return [];
    const at = Date.parse(announcedAt);
    const held = state.held?.by ?? null;
    const where = { area: place, place: state.equipment ?? area ?? place };
    const what = { occurrence, priority, class: state.class, title, held };
    const value = { ...where, ...what, at, condition: event.subject.id } satisfies Announcement;
    return [{ key: occurrence, value }];
  },
};
const ANNOUNCE: readonly string[] = ['alarm.activated', 'alarm.reactivated', 'alarm.announced'];
