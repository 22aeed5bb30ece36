/** A verification reads like a checklist: named checks in a table, each with its finding. It never throws, whatever it is given. */
import { NewerFormat } from './format.ts';
import { escapeLine } from './statement.ts';

export interface Check<E> {
  readonly name: string;
  /** What was found, for a person; `warn` when it holds with a reservation. Throws when it does not hold. */
  readonly run: (evidence: E) => Found | Work<Found>;
  /** Means the same in every version of the format: what fails here is damaged, whatever else says that it is newer. */
  readonly everyVersion?: true;
}

export interface Warning {
  readonly warn: string;
}

type Found = string | Warning;

/** What takes long is done bit by bit: it yields the share that is done, so that others can breathe in between. */
export type Work<T> = Generator<number, T>;

export interface Finding {
  readonly name: string;
  readonly ok: boolean | 'warn';
  readonly detail: string;
}

export interface Verdict {
  readonly verdict: 'valid' | 'warnings' | 'invalid' | 'cannot-judge';
  readonly exitCode: 0 | 1 | 2 | 3;
  readonly checks: readonly Finding[];
}

const EXIT = { valid: 0, invalid: 1, warnings: 2, 'cannot-judge': 3 } as const;
const MAX_DETAIL = 400;

/** While the check after the last finding runs. */
export interface Progress {
  readonly findings: readonly Finding[];
  /** Of that check, from 0 to 1. */
  readonly share: number;
}

export const judge = <E>(checks: readonly Check<E>[], evidence: E): Verdict => finish(judging(checks, evidence));

/** The same, bit by bit. */
export function* judging<E>(checks: readonly Check<E>[], evidence: E): Generator<Progress, Verdict> {
  let newer = false;
  let damaged = false;
  const findings: Finding[] = [];
  for (const { name, run, everyVersion } of checks) {
    yield { findings, share: 0 };
    try {
      const running = run(evidence);
      const found = isWork(running) ? yield* told(running, findings) : running;
      findings.push(typeof found === 'string' ? finding(name, true, found) : finding(name, 'warn', found.warn));
    } catch (error) {
      const isNewer = error instanceof NewerFormat;
      newer ||= isNewer;
      damaged ||= everyVersion === true && !isNewer;
      findings.push(finding(name, false, error instanceof Error ? error.message : 'It cannot be read.'));
    }
  }
  const has = (ok: Finding['ok']): boolean => findings.some((found) => found.ok === ok);
  const verdict = newer && !damaged ? 'cannot-judge' : has(false) ? 'invalid' : has('warn') ? 'warnings' : 'valid';
  return { verdict, exitCode: EXIT[verdict], checks: findings };
}

const isWork = (running: Found | Work<Found>): running is Work<Found> =>
  typeof running === 'object' && 'next' in running;

function* told(work: Work<Found>, findings: readonly Finding[]): Generator<Progress, Found> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    yield { findings, share: step.value };
  }
}

/** All of it at once. */
export function finish<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** As a part of something longer. */
export function* part<T>(work: Work<T>, from: number, to: number): Work<T> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    yield from + (to - from) * step.value;
  }
}

/** What `each` makes of every item, one after the other. */
export function* slowly<T, R>(items: readonly T[], each: (item: T, place: number) => R): Work<R[]> {
  const made: R[] = [];
  for (const [place, item] of items.entries()) {
    made.push(each(item, place));
    yield made.length / items.length;
  }
  return made;
}

/** What cannot be judged at all, in one sentence. */
export const cannotJudge = (detail: string): Verdict => ({
  verdict: 'cannot-judge',
  exitCode: EXIT['cannot-judge'],
  checks: [finding('format', false, detail)],
});

// Details may quote what an attacker wrote: nothing of it may steer a terminal.
const finding = (name: string, ok: Finding['ok'], detail: string): Finding => ({
  name,
  ok,
  detail: escapeLine(detail.slice(0, MAX_DETAIL)),
});

export function must(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise);
}

/** Errors of `read` say where they come from. */
export function within<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const message = `${place}: ${error instanceof Error ? error.message : 'cannot be read'}`;
    throw error instanceof NewerFormat ? new NewerFormat(message) : new Error(message, { cause: error });
  }
}

/** Computed on first use, kept after; a failure is tried again and fails again. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
