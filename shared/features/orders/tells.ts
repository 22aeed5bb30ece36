/** What the system that ordered the work is told of it. */
import type { Recorded } from '../../kernel/event.ts';
import type { Telling } from '../../kernel/connection.ts';
import type * as z from 'zod';
import type { events } from './contract.ts';

type Reported = Recorded<z.output<(typeof events)['order.status_reported']['body']>>;

export const tells: Readonly<Record<string, (event: never) => Telling>> = {
  'order.status_reported': ({ body: { integration, orderId, status, task, note }, occurredAt }: Reported) => ({
    connection: integration,
    message: { orderId, status, task, ...(note === null ? {} : { note }), at: occurredAt },
  }),
};
