/** Anything that anybody might ask, sensible or not: what the properties are run on. All free text holds the mark. */
import fc from 'fast-check';
import { conditionId } from '../../shared/features/alarms/contract.ts';
import { entryKind } from '../../shared/features/shifts/contract.ts';
import { cancelReason, holdReason, resolutionCode } from '../../shared/features/tasks/contract.ts';
import { priority, taskClass } from '../../shared/kernel/work.ts';
import { ROLES } from '../../shared/kernel/roles.ts';
import {
  alarm,
  area,
  equipment,
  incident,
  integration,
  maintenanceWindow,
  shift,
  task,
  token,
  user,
  type Asked,
} from './ask.ts';
import { EARLY, LINE_3, NIGHT, PACKAGING } from './given.ts';
import { ana, aude, ben, dana, engine, marek, ORG, root, scada, tom, within, type Person } from './people.ts';
import type { Said } from './plant.ts';

/** Stands in every free text and every name, and may never be read in a leaf. */
export const MARK = 'Zwiebelkuchen';

const words = fc.string({ unit: 'grapheme', maxLength: 20 }).map((tail) => `${MARK} ${tail}`);
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const among = <T>(...these: readonly T[]) => fc.constantFrom(...these);
const place = among(PACKAGING, LINE_3, 'leeds/utilities');
const someTask = among('pump', 'pump', 'second', 'third').map(task);
const someShift = among('night', 'night', 'early').map(shift);
const ids = [ana, tom, dana, ben, marek].map(({ id }) => id);
const assignee = fc.oneof(
  fc.record({ user: among(...ids, task('x').id) }),
  fc.record({ role: among('operator', 'maintenance_engineer', 'line_lead') }),
);
const ref = fc.oneof(
  fc.nat(7),
  someTask.map(({ id }) => id),
  fc.nat(7).map((n) => `T-${n}`),
);
const why = fc.record({ reason: words });
const link = fc.record({
  kind: among('task', 'shift', 'occurrence', 'order'),
  id: fc.oneof(
    someTask.map(({ id }) => id),
    someShift.map(({ id }) => id),
  ),
  rel: among('caused_by', 'follow_up_of', 'part_of', 'belongs_to_shift', 'blocks', 'external'),
});

/** Verb and input; `fc.record` leaves out what is undefined. */
type Words = Readonly<Record<string, fc.Arbitrary<object>>>;
const nothing = fc.constant({});
const TASK: Words = {
  create: fc.record({
    title: words,
    area: place,
    priority: maybe(among(...priority.options)),
    class: maybe(among(...taskClass.options)),
    description: maybe(words),
    assignee: maybe(assignee),
    upstream: maybe(fc.array(link, { maxLength: 2 })),
  }),
  assign: fc.record({ assignee }),
  reject: why,
  acknowledge: nothing,
  start: nothing,
  hold: fc.record({ reasonCode: among(...holdReason.options), note: maybe(words) }),
  resume: nothing,
  complete: fc.record({ note: words, resolutionCode: among(...resolutionCode.options), overrideReason: maybe(words) }),
  verify: nothing,
  sendBack: why,
  reopen: why,
  escalate: fc.record({ reason: words, target: maybe(assignee) }),
  return: why,
  takeOver: nothing,
  cancel: fc.record({ reasonCode: among(...cancelReason.options), reason: maybe(words) }),
  note: fc.record({ text: words }),
};
const decision = fc.record({
  task: ref,
  decision: among('continue', 'reassign', 'cancel'),
  assignee: maybe(assignee),
  reason: maybe(words),
});
const SHIFT: Words = {
  create: among<Parameters<ReturnType<typeof shift>['create']>[0]>(NIGHT, EARLY, {
    ...NIGHT,
    area: LINE_3,
  }) as fc.Arbitrary<object>,
  start: fc.record({
    crew: maybe(fc.array(fc.record({ user: among(...ids), role: among(...ROLES) }), { maxLength: 3 })),
  }),
  log: fc.record({ text: words, kind: maybe(among(...entryKind.options)) }),
  close: nothing,
  sign: fc.record({ decisions: maybe(fc.array(decision, { maxLength: 6 })) }),
  accept: fc.record({ criticalItems: maybe(fc.array(ref, { maxLength: 3 })), reservations: maybe(words) }),
  refuse: why,
  seal: fc.record({ expectedHead: maybe(fc.nat(60)) }),
  amend: fc.record({ text: words, reason: words }),
};
const level = conditionId(ORG, scada.id, 'level');
const ALARM: Words = {
  report: fc.record({ text: words, area: place }),
  acknowledge: nothing,
};
const MODE: Words = {
  shelve: fc.record({
    until: among('2026-11-21T00:00:00.000Z', '2026-11-21T05:00:00.000Z', '2026-11-20T22:10:00.000Z'),
    oneShot: fc.boolean(),
    reason: words,
  }),
  confirmShelving: nothing,
  unshelve: nothing,
  takeOutOfService: fc.record({ permit: words.map((said) => said.replace(/[\n\t\u2028\u2029]/g, ' ')), reason: words }),
  returnToService: nothing,
};

const someIncident = among('jam', 'jam', 'leak').map(incident);
const item = fc.record({ kind: among('task', 'occurrence'), id: someTask.map(({ id }) => id) });
const INCIDENT: Words = {
  open: fc.record({
    title: words.map((text) => text.replace(/[\n\t\u2028\u2029]/g, ' ')),
    area: place,
    text: maybe(words),
  }),
  join: fc.record({ item }),
  unjoin: fc.record({ item, reason: words }),
  note: fc.record({ text: words }),
  resolve: fc.record({ text: words, cause: maybe(words) }),
};
const times = fc.record({
  from: among('2026-11-20T20:00:00Z', '2026-11-20T22:30:00Z'),
  to: among('2026-11-20T22:20:00Z', '2026-11-21T01:00:00Z', '2026-12-01T00:00:00Z'),
});
const WINDOW: Words = {
  create: fc.tuple(times, place, words).map(([when, equipment, reason]) => ({ ...when, equipment, reason })),
  extend: fc.record({ to: among('2026-11-21T01:00:00Z', '2026-11-21T03:00:00Z'), reason: words }),
  cancel: why,
};

const spoken = (thing: fc.Arbitrary<object>, table: Words): fc.Arbitrary<Asked> =>
  fc
    .tuple(thing, fc.oneof(...Object.entries(table).map(([verb, input]) => fc.tuple(fc.constant(verb), input))))
    .map(([of, [verb, input]]) => {
      const verbs = of as Readonly<Record<string, (input: object) => Asked>>;
      return verbs[verb]!(JSON.parse(JSON.stringify(input)) as object);
    });

const observed = fc
  .record({
    minute: fc.nat(59),
    kind: among('active', 'active', 'cleared', 'acked', 'info'),
    keyed: fc.boolean(),
    delivery: fc.nat(3),
    priority: among('P1', 'P2', 'P2', 'P3'),
  })
  .map(({ minute, kind, keyed, delivery, priority }) => {
    const at = `2026-11-20T22:${String(minute).padStart(2, '0')}:00.000Z`;
    const transition = {
      ...{ conditionKey: 'level', occurrenceKey: keyed ? at : null, messageKey: null, kind, clearCause: null },
      ...{
        severity: 'high',
        priority,
        class: 'maintenance' as const,
        at,
        area: LINE_3,
        equipment: null,
      },
      ...{ title: `${MARK} level`, text: `${MARK} high`, value: 1, unit: null, links: [] },
    };
    return alarm(level).observe(
      { integration: scada.id, delivery: task(`d${delivery}`).id, transition: transition as never },
      { occurredAt: at },
    );
  });
const configured = fc
  .tuple(fc.nat(3), words)
  .chain(([n, name]) =>
    among(
      user(`u${n}`).add({ name: name.replace(/[\n\t\u2028\u2029]/g, ' '), role: 'operator' }),
      area(`a${n}`).create({ path: `leeds/a${n}`, name: 'Area' }),
      area('packaging').tune({ alarms: { onDelay: { P2: 20 * n }, offDelay: 30 * n } }),
      equipment(`e${n}`).create({ path: `leeds/packaging/e${n}`, level: 'unit', name: 'Unit', aliases: ['level'] }),
      equipment(`e${n}`).alias({ add: [`tag-${n}`], remove: ['level'] }),
      token(`k${n}`).create({ user: ben.id, role: 'operator' }, { minted: { tokenHash: String(n).repeat(64) } }),
      token(`k${n}`).revoke(),
      integration(`i${n}`).create({ kind: 'generic', name: 'PLC' }, { minted: { tokenHash: 'e'.repeat(63) + n } }),
    ),
  );

const somebody: fc.Arbitrary<Person> = fc.oneof(
  { arbitrary: among(ana, tom, dana, marek), weight: 12 },
  { arbitrary: among(ben, aude, root, engine, within(ben, LINE_3), within(tom, 'leeds/utilities')), weight: 3 },
);

const asked = fc.oneof(
  { arbitrary: fc.tuple(spoken(someTask, TASK), somebody), weight: 12 },
  { arbitrary: fc.tuple(spoken(someShift, SHIFT), somebody), weight: 7 },
  { arbitrary: fc.tuple(spoken(someIncident, INCIDENT), somebody), weight: 3 },
  { arbitrary: fc.tuple(spoken(fc.constant(maintenanceWindow('belt')), WINDOW), somebody), weight: 1 },
  {
    arbitrary: fc.tuple(
      spoken(
        fc.nat(2).map((n) => alarm(`p${n}`)),
        ALARM,
      ),
      somebody,
    ),
    weight: 1,
  },
  { arbitrary: fc.tuple(observed, among(scada)), weight: 2 },
  { arbitrary: fc.tuple(spoken(among(alarm(level)), MODE), somebody), weight: 1 },
  { arbitrary: fc.tuple(configured, among(root)), weight: 1 },
);

export interface Move extends Said {
  /** Minutes that pass before. */
  readonly after: number;
  readonly named: string | undefined;
}

/** Somebody asks something some minutes later, now and then naming a shift. */
export const anyMove: fc.Arbitrary<Move> = fc
  .record({ said: asked, after: fc.nat(40), named: maybe(someShift) })
  .map(({ said: [ask, by], after, named }) => ({
    asked: ask,
    by,
    after,
    named: after % 4 === 0 ? named?.id : undefined,
  }));
