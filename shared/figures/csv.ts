/** Figures as a table (RFC 4180): one line a value. */
import type { Figure } from './figure.ts';

const COLUMNS = ['figure', 'measure', 'value', 'unit', 'n', 'of', 'target', 'definition'] as const;

export const csvOf = (figures: readonly Figure[]): string =>
  [
    COLUMNS,
    ...figures.flatMap(({ key, values, unit, n, of, target, definition }) =>
      Object.entries(values).map(([measure, value]) => [key, measure, value, unit, n, of, target, definition]),
    ),
  ]
    .map((line) => `${line.map(cell).join(',')}\r\n`)
    .join('');

function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
