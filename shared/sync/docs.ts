/** People's texts without a socket: to take along what is there, and to bring what was written, many in one request. */
import * as z from 'zod';
import { uuid } from '../kernel/schema.ts';
import { Problem } from './messages.ts';
import { ROOM_LIMITS } from './room-words.ts';

const base64 = z.string().max(ROOM_LIMITS.batchBytes);

export const DocsBatch = z.strictObject({
  deviceId: uuid.optional(),
  docs: z
    .array(
      z.strictObject({
        entity: uuid,
        room: z.string().max(200).optional().meta({
          description: '`ENTITY@EPOCH` that the bytes belong to. Without it the current room.',
        }),
        stateVector: base64.optional().meta({ description: 'Base64 of the Yjs state vector that the asker has.' }),
        update: base64.optional().meta({ description: 'Base64 of a Yjs update (V1), stored before the answer.' }),
      }),
    )
    .min(1)
    .max(ROOM_LIMITS.batch),
});
export type DocsBatch = z.input<typeof DocsBatch>;

export const DocsAnswer = z.object({
  docs: z.array(
    z.object({
      entity: z.string(),
      room: z.string().optional().meta({ description: 'The current room.' }),
      update: z.string().optional().meta({ description: 'Base64 of what the asker lacks (Yjs update, V1).' }),
      sealed: z.boolean().optional(),
      late: z.boolean().optional().meta({ description: 'What was sent came after the seal and became a late entry.' }),
      problem: Problem.optional(),
    }),
  ),
});
export type DocsAnswer = z.output<typeof DocsAnswer>;
