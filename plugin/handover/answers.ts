/** What a person has entered on a sheet so far, and the steps that are still to be taken. */
import type { Answers, Choice, Step } from '../../shared/kernel/sheet.ts';

/** As plain JSON, to go on with later. */
export interface Entered {
  readonly texts: readonly (readonly [key: string, text: string])[];
  readonly ticks: readonly (readonly [key: string, ids: readonly string[]])[];
  readonly rows: readonly (readonly [key: string, id: string, row: Readonly<Record<string, unknown>>])[];
}

export interface Sheetful extends Answers {
  write(key: string, text: string): void;
  tick(key: string, id: string, isTicked: boolean): void;
  row(key: string, id: string): Record<string, unknown>;
  /** Without the rows that are as they were at the start. */
  entered(): Entered;
  /** Of the rows, those that are still asked for. */
  goOn(entered: Entered): void;
}

interface Rows {
  readonly item: string;
  readonly answer: string;
  readonly choices: readonly Choice[];
  readonly items?: readonly { readonly id: string; readonly start?: string }[];
}

/** `shapes`: how the rows of a decision look, by their key. */
export function createAnswers(shapes: (key: string) => Rows | undefined): Sheetful {
  const [texts, ticks] = [new Map<string, string>(), new Map<string, Set<string>>()];
  const decided = new Map<string, Map<string, Record<string, unknown>>>();
  const rowsOf = (key: string) => entryOf(decided, key, () => new Map<string, Record<string, unknown>>());
  const ticksOf = (key: string): Set<string> => entryOf(ticks, key, () => new Set());
  return {
    text: (key) => (texts.get(key) ?? '').trim(),
    ticked: (key) => [...ticksOf(key)],
    rows: (key) => [...rowsOf(key)].map(([id, row]) => whole(id, row, shapes(key))),
    write: (key, text) => void texts.set(key, text),
    tick: (key, id, isTicked) => void (isTicked ? ticksOf(key).add(id) : ticksOf(key).delete(id)),
    row: (key, id) => entryOf(rowsOf(key), id, () => ({})),
    entered: () => ({
      texts: [...texts],
      ticks: [...ticks].map(([key, ids]) => [key, [...ids]]),
      rows: [...decided].flatMap(([key, rows]) => {
        const started = startsOf(shapes(key));
        return [...rows].flatMap(([id, row]) =>
          JSON.stringify(row) === JSON.stringify(started.get(id) ?? {}) ? [] : [[key, id, row] as const],
        );
      }),
    }),
    goOn(entered) {
      for (const [key, text] of entered.texts) texts.set(key, text);
      for (const [key, ids] of entered.ticks) ticks.set(key, new Set(ids));
      for (const [key, id, row] of entered.rows) if (startsOf(shapes(key)).has(id)) rowsOf(key).set(id, { ...row });
    },
  };
}

/** How each row of a decision begins. */
const startsOf = (shape: Rows | undefined): ReadonlyMap<string, Record<string, unknown>> =>
  new Map((shape?.items ?? []).map(({ id, start }) => [id, start === undefined ? {} : { [shape!.answer]: start }]));

function entryOf<V>(map: Map<string, V>, key: string, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

/** Only what the chosen answer asks for goes with it, and nothing is an answer that lacks it. */
function whole(id: string, row: Readonly<Record<string, unknown>>, shape: Rows | undefined): Record<string, unknown> {
  if (!shape) return {};
  const { item, answer, choices } = shape;
  const choice = choices.find(({ value }) => value === row[answer]);
  const asked = choice?.asks === undefined ? undefined : row[choice.asks];
  const isLacking = choice?.asks !== undefined && (asked === undefined || asked === '');
  if (!choice || isLacking) return { [item]: id };
  return { [item]: id, [answer]: choice.value, ...(choice.asks === undefined ? {} : { [choice.asks]: asked }) };
}

/** Steps that are left after some were taken: what was said once is not said again. */
export function createProgress(): {
  readonly left: (steps: readonly Step[]) => readonly Step[];
  done(step: Step): void;
  /** To go on with later. */
  readonly taken: string[];
} {
  const taken: string[] = [];
  const keyOf = ({ verb, input }: Step): string => JSON.stringify([verb, input]);
  return {
    left(steps) {
      const before = [...taken];
      return steps.filter((step) => {
        const at = before.indexOf(keyOf(step));
        if (at >= 0) before.splice(at, 1);
        return at < 0;
      });
    },
    done: (step) => void taken.push(keyOf(step)),
    taken,
  };
}
