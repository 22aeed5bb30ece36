/** How the notes of a shift are called, so that each can link to the others. */
import { localDate } from '../../kernel/local-time.ts';
import { fileName } from '../../kernel/markdown.ts';
import type { ShiftState } from './contract.ts';

export const shiftNoteName = (state: ShiftState, zone: string): string =>
  fileName(`${localDate(state.from, zone)} ${state.area.replaceAll('/', '-')} ${state.name}`);
/** Types of the notes of a sealed shift. */
export const SEALED_NOTES = { record: 'sealed-shift', late: 'addendum' } as const;
export const sealedName = (name: string): string => `${name} (sealed)`;
export const auditName = (name: string): string => `${name} (audit)`;
export const addendumName = (name: string): string => `${name} (late entries)`;
