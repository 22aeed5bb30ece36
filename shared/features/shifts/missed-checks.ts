/** Checks that were not done in time, as lines of a handover. */
import { inline } from '../../kernel/markdown.ts';
import type { ShiftState } from './contract.ts';

export const missedLines = ({ missedChecks }: ShiftState, moment: (at: string) => string): string[] =>
  missedChecks.map(({ title, times, count, task }) => {
    const more = count - times.length;
    const when = [...times.map(moment), ...(more > 0 ? [`and ${more} more before`] : [])].join(', ');
    return `Missed: ${when} ${inline(title)}${task === null ? ', of which nobody was told' : ''}`;
  });
