/** Orders: work that another system (ERP, MES, CMMS) has ordered, mirrored here. The order stays theirs; its task is ours. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { derivedId } from '../../kernel/ids.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { ROLES } from '../../kernel/roles.ts';
import { areaPath, erasable, line, text, timestamp, uuid } from '../../kernel/schema.ts';
import { priority } from '../../kernel/work.ts';

/**
 * What one message says of one order; adapters make these. Null: not said, so what was known stays. `named`: the message holds
 * the order's key only (SAP), and its details come another way.
 */
export const order = z.strictObject({
  orderId: line(120),
  kind: z.enum(['released', 'changed', 'cancelled', 'named']),
  revision: z.int().min(0).nullable(),
  orderType: line(60).nullable(),
  priority: priority.nullable(),
  area: areaPath.nullable(),
  equipment: areaPath.nullable(),
  title: line(300).nullable(),
  requestedStart: timestamp.nullable(),
  requestedEnd: timestamp.nullable(),
  requiredRole: z.enum(ROLES).nullable(),
  externalStatus: line(60).nullable(),
  at: timestamp,
});
export type Order = z.output<typeof order>;

/** What the other system is told of the task. */
export const reportedStatus = z.enum(['in_progress', 'on_hold', 'done', 'closed', 'cancelled']);

export const commands = {
  receive: command(
    { integration: uuid, delivery: uuid, order },
    { permission: 'event.deliver', creates: 'or-updates', title: 'Receive order', internal: true },
  ),
  noteRefused: command(
    { code: line(60), detail: text(2000) },
    { permission: 'task.carry-over', title: 'Note that an order made no task', internal: true },
  ),
  report: command(
    { status: reportedStatus, task: uuid, note: text(10_000).nullable() },
    { permission: 'task.carry-over', title: 'Report status of order', internal: true },
  ),
} as const;

const details = {
  revision: z.int().nullable(),
  orderType: z.string().nullable(),
  priority,
  area: z.string().nullable(),
  equipment: z.string().nullable(),
  title: erasable(z.string()),
  requestedStart: z.string().nullable(),
  requestedEnd: z.string().nullable(),
  requiredRole: z.enum(ROLES).nullable(),
  externalStatus: z.string().nullable(),
};
const named = { integration: uuid, orderId: z.string() };

export const events = {
  /** Known by its key: it exists, and makes no task until its details have come. */
  'order.named': event({ ...named, area: z.string().nullable() }),
  'order.released': event({ ...named, ...details, task: uuid }),
  'order.changed': event({ ...named, ...details, task: uuid }),
  'order.withdrawn': event({
    ...named,
    revision: z.int().nullable(),
    externalStatus: z.string().nullable(),
    task: uuid.nullable(),
  }),
  'order.task_refused': event({ code: z.string(), detail: erasable(z.string()) }),
  'order.status_reported': event({
    ...named,
    status: reportedStatus,
    task: uuid,
    note: erasable(z.string()).nullable(),
  }),
} as const;

export type Details = z.output<(typeof events)['order.released']['body']>;

/** named: known by its key only · released: somebody should do it · withdrawn: taken back by whoever ordered it. */
export const orderStatus = z.enum(['named', 'released', 'withdrawn']);

export interface OrderState {
  readonly integration: string;
  readonly orderId: string;
  readonly status: z.output<typeof orderStatus>;
  readonly orderType: string | null;
  readonly priority: z.output<typeof priority>;
  readonly area: string | null;
  readonly equipment: string | null;
  readonly title: string;
  readonly requestedStart: string | null;
  readonly requestedEnd: string | null;
  readonly requiredRole: Details['requiredRole'];
  readonly revision: number | null;
  /** In the other system's own word. */
  readonly externalStatus: string | null;
  readonly task: string | null;
  /** Why it has no task, where the rules refused one. */
  readonly taskRefused: string | null;
  /** How often it was released: released again after it was withdrawn, it makes another task. */
  readonly releases: number;
  readonly reported: { readonly status: z.output<typeof reportedStatus>; readonly at: string } | null;
  /** The delivery that brought the latest news of it. */
  readonly delivery: string | null;
}

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  seq: z.int(),
  integration: uuid,
  orderId: z.string(),
  status: orderStatus,
  orderType: z.string().nullable(),
  priority,
  area: z.string().nullable(),
  equipment: z.string().nullable(),
  title: z.string(),
  requestedStart: z.string().nullable(),
  requestedEnd: z.string().nullable(),
  requiredRole: z.enum(ROLES).nullable(),
  revision: z.int().nullable(),
  externalStatus: z.string().nullable(),
  task: uuid.nullable(),
  taskRefused: z.string().nullable(),
  reported: z.object({ status: reportedStatus, at: z.string() }).nullable(),
  delivery: uuid.nullable(),
});

export const orderStream = (org: string, integration: string, orderId: string): string =>
  derivedId('order', org, integration, orderId);

export const ordersOfTask = (task: string): Read<readonly Row<OrderState>[]> =>
  select('orders', { where: { task }, limit: 1 });
/** Orders whose latest news one delivery brought. */
export const ordersBroughtBy = (delivery: string): Read<readonly Row<OrderState>[]> =>
  select('orders', { where: { delivery }, limit: 1 });
