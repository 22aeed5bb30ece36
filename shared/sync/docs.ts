/** People's texts without a socket: to take along what is there, and to bring what was written, many in one request. */
import * as z from 'zod';
import { text, uuid } from '../kernel/schema.ts';
import { Problem, SIGNED } from './messages.ts';
import { ROOM_LIMITS } from './room-words.ts';

const base64 = z.string().max(ROOM_LIMITS.batchBytes);

export const DocsBatch = z.strictObject({
  deviceId: uuid.optional(),
  sig: text(2000).optional().meta({ description: SIGNED }),
  docs: z
    .array(
      z.strictObject({
        entity: uuid,
        room: z.string().max(200).optional().meta({
          description: '`ENTITY@EPOCH` that the bytes belong to. Without it the current room.',
        }),
        as: uuid.optional().meta({
          description: 'Who wrote `update`, on a device that several people use. Default: whose token brings it.',
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
      untold: z.boolean().optional().meta({
        description:
          'What this device sent after the seal is kept, but no late entry tells of it yet. It is tried again.',
      }),
      problem: Problem.optional(),
    }),
  ),
});
export type DocsAnswer = z.output<typeof DocsAnswer>;
