/** What a person has entered on a sheet so far, and the steps that are still to be taken. */
import type { Answers, Choice, Step } from '../../shared/kernel/sheet.ts';

export interface Sheetful extends Answers {
  write(key: string, text: string): void;
  tick(key: string, id: string, isTicked: boolean): void;
  row(key: string, id: string): Record<string, unknown>;
}

interface Rows {
  readonly item: string;
  readonly answer: string;
  readonly choices: readonly Choice[];
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
  };
}

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
  };
}
