/**
 * Orders pushed by an ERP or MES: the Standard Webhooks envelope `{type, timestamp, data}` with a full order, SAP's thin CloudEvents that
 * hold the order's key only, and the bodies that CMMS such as Atlas and ERPNext post. What is missing is said, and the order is taken
 * all the same; without a key for it nothing can be.
 */
import { isRefusal, refuse } from '../../shared/kernel/refusal.ts';
import type { Order } from '../../shared/features/orders/contract.ts';
import { isWithin, ROLES } from '../../shared/kernel/roles.ts';
import type { Priority } from '../../shared/kernel/work.ts';
import {
  type Adapter,
  cleanLine,
  instant,
  isObject,
  jsonObject,
  type Loose,
  type Message,
  pathOf,
  priorityOf,
  withinArea,
} from './adapter.ts';

type Warn = (warning: string) => void;

export const mes: Adapter = (message) => {
  const read = jsonObject(message.body);
  if (isRefusal(read)) return read;
  const warnings = new Set<string>();
  const warn: Warn = (warning) => warnings.add(warning);
  const type = cleanLine(read.json['type'] ?? message.headers['ce-type'] ?? read.json['event'], 200) ?? '';
  const order = /^sap\./i.test(type) ? keyOnly(read.json, type, message) : fullOrder(read.json, type, message, warn);
  if (!order)
    return refuse(
      'not-a-delivery',
      'This names no order: send data.orderId (or SAP’s key, such as data.MaintenanceOrder).',
      {
        fields: [{ field: '/data/orderId', problem: 'missing' }],
      },
    );
  return { transitions: [], orders: [order], warnings: [...warnings].slice(0, 20) };
};

const NOTHING = {
  ...{ revision: null, orderType: null, priority: null, area: null, equipment: null, title: null },
  ...{ requestedStart: null, requestedEnd: null, requiredRole: null, externalStatus: null },
};

const TAKEN_BACK = /cancel|delet|withdraw/i;

/** `sap.s4.beh.maintenanceorder.v1.MaintenanceOrder.Created.v1`: the object's name is the name of its key. */
function keyOnly(body: Loose, type: string, { headers, area, receivedAt }: Message): Order | undefined {
  const data = isObject(body['data']) ? body['data'] : body;
  const [object, verb = ''] = type.split('.').slice(-3);
  const orderId =
    cleanLine(data[object ?? ''], 120) ?? cleanLine(first(data, 'MaintenanceOrder', 'ManufacturingOrder'), 120);
  if (!orderId) return undefined;
  const at = instant(body['time'] ?? headers['ce-time']) ?? receivedAt;
  return { ...NOTHING, orderId, kind: TAKEN_BACK.test(verb) ? 'cancelled' : 'named', area, at };
}

function fullOrder(body: Loose, type: string, message: Message, warn: Warn): Order | undefined {
  const data = [body['data'], body['workOrder'], body['work_order'], body['payload'], body].find(isObject)!;
  const orderId = cleanLine(first(data, 'orderId', 'order_id', 'workOrderId', 'customId', 'id', 'name'), 120);
  if (!orderId || (type && !/order|^doc/i.test(type) && data === body)) return undefined;
  const externalStatus = cleanLine(first(data, 'externalStatus', 'status'), 60);
  const kind = kindOf(type, data, externalStatus);
  const at = timeOf(first(body, 'timestamp', 'occurredAt') ?? first(data, 'updatedAt', 'modified'), warn);
  const common = {
    orderId,
    kind,
    revision: revisionOf(data['revision']),
    externalStatus,
    at: at ?? message.receivedAt,
  };
  if (kind === 'cancelled') return { ...NOTHING, ...common, area: message.area };
  const said = {
    orderType: cleanLine(first(data, 'orderType', 'order_type', 'doctype'), 60),
    priority: priorityIn(data['priority'], warn),
    ...placeOf(data, message),
    title: cleanLine(first(data, 'title', 'subject', 'item_name', 'description'), 300),
    requestedStart: timeOf(first(data, 'requestedStart', 'planned_start_date', 'startDate'), warn),
    requestedEnd: timeOf(first(data, 'requestedEnd', 'planned_end_date', 'expected_delivery_date', 'dueDate'), warn),
    requiredRole: roleIn(data['requiredRole'], warn),
  };
  if (kind === 'released') sayMissing({ ...common, ...said }, warn);
  return { ...common, ...said };
}

function kindOf(type: string, data: Loose, status: string | null): Order['kind'] {
  // ERPNext: 0 draft, 1 submitted, 2 cancelled.
  if (data['docstatus'] === 2 || TAKEN_BACK.test(type) || TAKEN_BACK.test(status ?? '')) return 'cancelled';
  return data['docstatus'] === 1 || /releas|creat|submit/i.test(type) ? 'released' : 'changed';
}

function sayMissing(order: Omit<Order, 'at'>, warn: Warn): void {
  const { revision, priority, area, title, requestedEnd } = order;
  if (revision === null) warn('No revision; whatever differs from before counts as news, also when it is older.');
  if (priority === null) warn('No priority; taken as P3.');
  if (title === null) warn('No title; the order is called by its number.');
  if (requestedEnd === null) warn('No requestedEnd; the task is due by its priority.');
  if (area === null)
    warn(
      'No place: neither equipment nor an area of this integration, so no task can be made. Give the integration an area.',
    );
}

const first = (body: Loose, ...names: readonly string[]): unknown =>
  names.map((name) => body[name]).find((value) => value !== undefined && value !== null && value !== '');

function revisionOf(value: unknown): number | null {
  const revision = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof revision === 'number' && Number.isSafeInteger(revision) && revision >= 0 ? revision : null;
}

const BY_NUMBER: Readonly<Record<string, Priority>> = { 1: 'P1', 2: 'P2', 3: 'P3', 4: 'P4', 5: 'P4' };

/** 1 (highest) to 5, as maintenance systems count, or a word. */
function priorityIn(value: unknown, warn: Warn): Priority | null {
  const said = cleanLine(value, 40);
  if (said === null) return null;
  return Object.hasOwn(BY_NUMBER, said) ? BY_NUMBER[said]! : priorityOf(said, warn);
}

function roleIn(value: unknown, warn: Warn): Order['requiredRole'] {
  const said = cleanLine(value, 60);
  if (said === null) return null;
  const role = ROLES.find((known) => known === said.toLowerCase().replace(/[\s-]+/g, '_'));
  if (!role) warn(`There is no role "${said}" here; the task is given to nobody yet.`);
  return role ?? null;
}

/** A machine stands in the place that its path begins with; nothing leaves the integration's own area. */
function placeOf(data: Loose, message: Message): Pick<Order, 'area' | 'equipment'> {
  const asset = isObject(data['asset']) ? first(data['asset'], 'path', 'name') : first(data, 'asset', 'workstation');
  const said = pathOf(first(data, 'equipment') ?? asset);
  const equipment = said?.includes('/') ? said : said && message.area && pathOf(message.area, said);
  const area = withinArea(pathOf(data['area']) ?? equipment?.replace(/\/[^/]+$/, '') ?? null, message.area);
  return { area, equipment: equipment && area && isWithin(equipment, area) ? equipment : null };
}

/** A time without a zone is read as UTC: the server's own zone is no business of the sender's. */
function timeOf(value: unknown, warn: Warn): string | null {
  if (typeof value !== 'string') return null;
  const isLocal = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?$/.test(value);
  if (isLocal) warn(`The time "${value}" has no zone; taken as UTC.`);
  return instant(isLocal ? `${value.slice(0, 10)}T${value.slice(11) || '00:00'}Z` : value);
}
