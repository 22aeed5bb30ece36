/** What whole files and files in pieces have in common. */
import * as z from 'zod';
import type { Caller } from '../../shared/kernel/command.ts';
import { refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { forbids } from '../../shared/kernel/roles.ts';

export const FILE_LIMIT = 20 * 1024 * 1024;
export const FILE_NAME = /^[0-9a-f]{64}$/;

export const stored = z.object({ sha256: z.string(), size: z.number().int() });

export const badName = refuse('invalid-input', 'The name of a file is its SHA-256 in lower-case hex.', {
  fields: [{ field: '/sha256', problem: 'Must be a SHA-256 in lower-case hex.' }],
});

export const mayFetch = (caller: Caller): Refusal | undefined =>
  forbids(caller, 'operations.read', {}) && forbids(caller, 'archive.read', {});
