/**
 * Fifty people in one room, 200 edits a second, and the server killed in the middle: what arrives how late, and what is missing after the
 * restart. Ours is durable before anybody sees it; the others are not. Alone: `node test/bench/rooms/rooms.ts`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lowerHelperThreads } from '../../../server/helper-threads.ts';
import { median, type Row } from '../row.ts';
import { load, textOf, type Load } from './load.ts';
import { start, type Subject } from './subject.ts';
import { ours, peers } from './subjects.ts';

const ROUNDS = Number(process.env['OPERARY_BENCH_ROUNDS'] ?? 20);
/** A round in which this process itself was late says nothing. */
const LATE_MS = 20;
const TRIES = 5;

interface Round extends Load {
  readonly lost: number;
}

/** Killed after a time that differs from round to round, the same for everybody. */
async function round(subject: Subject, where: string, n: number): Promise<Round> {
  const folder = mkdtempSync(join(where, '.bench-'));
  try {
    const first = await start(subject, folder);
    const milliseconds = 1000 + ((n * 1373) % 3000);
    const done = await load(first, subject.wire, milliseconds, () => first.kill());
    const second = await start(subject, folder);
    const text = await textOf(second, subject.wire);
    await second.kill();
    const there = new Set(text.match(/<\d+\.\d+>/g));
    return { ...done, lost: [...done.promised].filter((mark) => !there.has(mark)).length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const percentile = (values: readonly number[], p: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * p)] ?? NaN;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export async function benchRooms(where = process.cwd()): Promise<Row[]> {
  // The generator's own threads shall not take the processor from anybody.
  lowerHelperThreads();
  const all = [ours, ...peers];
  const rounds = new Map<Subject, Round[]>(all.map((subject) => [subject, []]));
  let repeated = 0;
  for (let n = 0; n < ROUNDS; n++) {
    // In another order each time, so that nobody always comes after the same one.
    for (const [i] of all.entries()) {
      const subject = all[(i + n) % all.length]!;
      for (let attempt = 1; ; attempt++) {
        const result = await round(subject, where, n);
        if (result.loopDelay <= LATE_MS || attempt === TRIES) {
          rounds.get(subject)!.push(result);
          break;
        }
        repeated += 1;
      }
    }
  }
  const of = (subject: Subject) => {
    const results = rounds.get(subject)!;
    const at = (p: number, what: 'delivered' | 'acknowledged') =>
      median(results.map((one) => percentile(one[what], p)));
    return {
      name: subject.name,
      p50: at(0.5, 'delivered'),
      p99: at(0.99, 'delivered'),
      ack50: at(0.5, 'acknowledged'),
      ack99: at(0.99, 'acknowledged'),
      lost: sum(results.map(({ lost }) => lost)),
      promised: sum(results.map(({ promised }) => promised.size)),
    };
  };
  const mine = of(ours);
  const others = peers.map(of);
  const best = others.reduce((a, b) => (b.p99 < a.p99 ? b : a));
  const ms = (value: number) => Number(value.toFixed(2));
  const beside: Record<string, string | number> = {
    rounds: ROUNDS,
    'rounds repeated because the generator was late': repeated,
    'ours, durable acknowledgement p50/p99 ms': `${ms(mine.ack50)} / ${ms(mine.ack99)}`,
  };
  for (const { name, p50, p99 } of [mine, ...others]) beside[`${name}: p50/p99 ms`] = `${ms(p50)} / ${ms(p99)}`;
  const losses = Object.fromEntries(
    [mine, ...others].map(({ name, lost, promised }) => [`${name}: lost`, `${lost} of ${promised}`]),
  );
  return [
    {
      what: `delivered latency p99, 50 peers at 200 edits/s: ours, durable, against 1.5 × the best that is not (${best.name})`,
      ours: ms(mine.p99),
      peer: ms(1.5 * best.p99),
      unit: ' ms',
      ratio: (1.5 * best.p99) / mine.p99,
      target: 1,
      beside,
    },
    {
      what: 'edits that somebody had seen, or was told are safe, and that a SIGKILL took away',
      ours: mine.lost,
      peer: Math.min(...others.map(({ lost }) => lost)),
      unit: ' edits',
      ratio: mine.lost === 0 ? 1 : 0,
      target: 1,
      beside: losses,
    },
  ];
}

if (import.meta.main) for (const row of await benchRooms()) console.log(row);
