/** What a device that joins and the server say to each other before there is a token. */
import * as z from 'zod';
import { uuid } from '../kernel/schema.ts';

export const About = z.object({
  product: z.literal('operary'),
  version: z.string(),
  api: z.int().meta({ description: 'Grows when a device of before could not speak with it any more' }),
  plugin: z.object({ least: z.string().meta({ description: 'The oldest plugin that it works with' }) }),
});
export type About = z.output<typeof About>;

export const RedeemWish = z.strictObject({
  code: z.string().max(100).meta({ example: 'K7QM-4TRP-9X2C' }),
  device: uuid.optional().meta({ description: 'The id that the device has given itself' }),
});

const named = z.object({ id: uuid, name: z.string() });
export const Redeemed = z.object({
  token: z.string().meta({ description: 'Shown once', example: 'opy_live_…' }),
  user: named,
  role: z.string(),
  areas: z.array(z.string()).meta({ description: 'Empty: the whole organisation' }),
  organisation: named,
});
export type Redeemed = z.output<typeof Redeemed>;
