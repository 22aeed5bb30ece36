/** Metrics of Sparkplug B as bridges decode them from protobuf: names in snake or camel case, 64-bit numbers as text or halves, floats as doubles. */
import type { Transition } from '../../shared/features/alarms/contract.ts';
import { cleanLine, isObject, type Loose } from './adapter.ts';
import { scalar } from './reading.ts';
import { moment, wholeNumber } from './times.ts';

export interface Metric {
  readonly name: string;
  readonly value: Transition['value'];
  readonly at: string | null;
  /** Kept by the device while it had no connection. */
  readonly isHistorical: boolean;
}

/** The metrics that have a name, and how many came by a number (`alias`) that only whoever heard the birth can resolve. */
export function metricsIn(decoded: Loose): { readonly metrics: readonly Metric[]; readonly nameless: number } {
  const listed = decoded['metrics'];
  const list = Array.isArray(listed) ? listed.filter(isObject) : [];
  const metrics = list.flatMap((metric): Metric[] => {
    const name = cleanLine(metric['name'], 500);
    if (!name) return [];
    const said = (metric['is_null'] ?? metric['isNull']) === true ? null : (metric['value'] ?? null);
    return [
      {
        name,
        value: valueOf(said, metric['type'] ?? metric['dataType'] ?? metric['datatype']),
        at: moment(metric['timestamp']),
        isHistorical: (metric['is_historical'] ?? metric['isHistorical']) === true,
      },
    ];
  });
  return { metrics, nameless: list.length - metrics.length };
}

/** The datatypes of the specification by name and number. */
const isOf = (type: unknown, name: string, number: number): boolean =>
  [name, String(number)].includes((cleanLine(type, 40) ?? '').toLowerCase());

function valueOf(value: unknown, type: unknown): Transition['value'] {
  if (value === null) return null;
  if (isOf(type, 'boolean', 11)) return value === true || value === 1 || value === 'true';
  if (isOf(type, 'float', 9) && typeof value === 'number') return scalar(asFloat(value));
  return typeof value === 'object' ? wholeNumber(value) : scalar(value);
}

/** The shortest decimal that is the same 32-bit float: 94.2, where the double of it reads 94.19999694824219. */
export function asFloat(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return short;
  }
  return value;
}
