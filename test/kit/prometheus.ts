/** A strict reader of the Prometheus text format 0.0.4: whatever a scraper might stumble over is an error here. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
export interface Exposition {
  readonly types: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\\\\n]|\\\\["\\\\n])*)"';
const LINE = new RegExp(
  `^(${NAME})(?:\\{((?:${LABEL}(?:,|(?=\\})))*)\\})? (NaN|[+-]Inf|[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?)$`,
  'i',
);
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

export function readMetrics(text: string): Exposition {
  if (!text.endsWith('\n')) throw new Error('The last line has no line feed.');
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  const series = new Set<string>();
  const closed = new Set<string>();
  let current = '';
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, comment, named, rest] = new RegExp(`^# (HELP|TYPE) (${NAME}) (.*)$`).exec(line) ?? [];
    if (comment) {
      if (named !== current) {
        if (closed.has(named!)) throw new Error(`${named} is interrupted.`);
        closed.add((current = named!));
      }
      if (comment === 'TYPE') {
        if (types.has(named!) || !SUFFIXES[rest!])
          throw new Error(`The type of ${named} is given twice, or unknown: ${rest}.`);
        types.set(named!, rest!);
      }
      continue;
    }
    const [, name, labelled = '', , , value] = LINE.exec(line) ?? [];
    if (!name) throw new Error(`Not a sample: ${line}`);
    if (!SUFFIXES[types.get(current) ?? '']?.some((suffix) => name === `${current}${suffix}`))
      throw new Error(`${name} is not of the family ${current}.`);
    const labels = Object.fromEntries(
      [...labelled.matchAll(new RegExp(LABEL, 'g'))].map(([, key, said]) => [key!, said!]),
    );
    const key = `${name} ${JSON.stringify(Object.entries(labels).sort())}`;
    if (series.has(key)) throw new Error(`The same series twice: ${line}`);
    series.add(key);
    samples.push({ name, labels, value: Number(value!.replace('Inf', 'Infinity')) });
  }
  requireHistograms(types, samples);
  return { types, samples };
}

/** Buckets grow, and the last one holds all. */
function requireHistograms(types: ReadonlyMap<string, string>, samples: readonly Sample[]): void {
  for (const [family] of [...types].filter(([, type]) => type === 'histogram')) {
    const bySeries = Map.groupBy(
      samples.filter(({ name }) => name === `${family}_bucket`),
      ({ labels: { le: _le, ...labels } }) => JSON.stringify(Object.entries(labels).sort()),
    );
    for (const [labels, buckets] of bySeries) {
      const counts = buckets.map(({ value }) => value);
      if (buckets.at(-1)!.labels['le'] !== '+Inf' || counts.some((count, i) => i > 0 && count < counts[i - 1]!))
        throw new Error(`The buckets of ${family}${labels} do not add up.`);
    }
  }
}
