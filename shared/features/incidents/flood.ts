/** When a flood is over: fewer alarms than its end threshold in ten minutes (ISA-18.2 / IEC 62682: end below 5 in 10 minutes), and never sooner than ten minutes after it began. */
import { utc } from '../../kernel/schema.ts';
import type { Flood } from './contract.ts';

const WINDOW_MS = 600_000;
const END = 5;

export const beginning = (began: string, end: number | null): Flood => ({
  end: end ?? END,
  began,
  recent: [],
  endedAt: null,
});

export const withAlarm = (flood: Flood, at: string): Flood => ({
  ...flood,
  recent: [...flood.recent, at].slice(-flood.end),
});

/** `null`: it is over. */
export function endsAt({ end, began, recent, endedAt }: Flood): string | null {
  if (endedAt !== null) return null;
  // As long as so many came within the window, it goes on.
  const decisive = recent.length < end ? began : recent[0]!;
  return utc(Math.max(Date.parse(began), Date.parse(decisive)) + WINDOW_MS);
}
