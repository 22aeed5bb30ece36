/** A verification reads like a checklist: named checks in a table, each with its finding. It never throws, whatever it is given. */
import { NewerFormat } from './format.ts';
import { escapeLine } from './statement.ts';

export interface Check<E> {
  readonly name: string;
  /** What was found, for a person; `warn` when it holds with a reservation. Throws when it does not hold. */
  run(evidence: E): string | Warning;
  /** Means the same in every version of the format: what fails here is damaged, whatever else says that it is newer. */
  readonly everyVersion?: true;
}

export interface Warning {
  readonly warn: string;
}

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

export function judge<E>(checks: readonly Check<E>[], evidence: E): Verdict {
  let newer = false;
  let damaged = false;
  const findings = checks.map(({ name, run, everyVersion }): Finding => {
    try {
      const found = run(evidence);
      return typeof found === 'string' ? finding(name, true, found) : finding(name, 'warn', found.warn);
    } catch (error) {
      const isNewer = error instanceof NewerFormat;
      newer ||= isNewer;
      damaged ||= everyVersion === true && !isNewer;
      return finding(name, false, error instanceof Error ? error.message : 'It cannot be read.');
    }
  });
  const has = (ok: Finding['ok']): boolean => findings.some((found) => found.ok === ok);
  const verdict = newer && !damaged ? 'cannot-judge' : has(false) ? 'invalid' : has('warn') ? 'warnings' : 'valid';
  return { verdict, exitCode: EXIT[verdict], checks: findings };
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
