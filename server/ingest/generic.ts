/** Our own generic JSON, with the aliases that other tools' generic webhooks use. One message, one transition. */
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import { isRefusal, refuse } from '../../shared/kernel/refusal.ts';
import { isWithin } from '../../shared/kernel/roles.ts';
import {
  type Adapter,
  classOf,
  clean,
  cleanLine,
  instant,
  jsonObject,
  keyOf,
  linksOf,
  type Loose,
  pathOf,
  priorityOf,
  withinArea,
} from './adapter.ts';

const KIND_BY_WORD: ReadonlyMap<string, 'active' | 'cleared' | 'other'> = new Map(
  Object.entries<'active' | 'cleared' | 'other'>({
    active: 'active',
    firing: 'active',
    alerting: 'active',
    open: 'active',
    trigger: 'active',
    cleared: 'cleared',
    resolved: 'cleared',
    ok: 'cleared',
    close: 'cleared',
    closed: 'cleared',
    acked: 'other',
    info: 'other',
  }),
);

export const generic: Adapter = (message) => {
  const read = jsonObject(message.body);
  if (isRefusal(read)) return read;
  const body = read.json;
  const title = cleanLine(first(body, 'title', 'summary', 'message'), 300);
  if (!title) {
    return refuse('not-a-delivery', 'A generic event needs a title (or summary).', {
      fields: [{ field: '/title', problem: 'missing' }],
    });
  }
  const warnings: string[] = [];
  const word = cleanLine(first(body, 'state', 'status', 'action', 'event_action'), 40)?.toLowerCase() ?? 'active';
  const kind = KIND_BY_WORD.get(word);
  if (!kind)
    return refuse('not-a-delivery', `The state "${word}" is not one of active, cleared, acked, info.`, {
      fields: [{ field: '/state', problem: 'unknown' }],
    });
  if (kind === 'other')
    return { transitions: [], warnings: [`State ${word} is stored with the delivery; it changes no condition.`] };
  const named = keyOf(first(body, 'condition', 'dedup', 'dedup_key', 'alert_uid'));
  const source = cleanLine(body['source'], 200) ?? '';
  // The sender's id of a message names the message, not the thing: two messages about one thing carry two ids.
  if (!named)
    warnings.push(
      'No condition key; source and title stand for it. Send "condition" so that a changed title is not a new alarm.',
    );
  const severity = cleanLine(first(body, 'severity', 'priority'), 60);
  const equipment = pathOf(body['equipment']);
  // A machine stands in the place that its path begins with.
  const place = pathOf(body['area']) ?? equipment?.replace(/\/[^/]+$/, '') ?? null;
  const area = withinArea(place, message.area);
  const key = keyOf(message.headers['idempotency-key'] ?? body['id']);
  const value = body['value'];
  return {
    warnings,
    transitions: [
      {
        conditionKey: named ?? `title:${sha256Hex(utf8(`${source}\n${title}`))}`,
        occurrenceKey: keyOf(body['occurrence']),
        messageKey: key,
        kind,
        clearCause: kind === 'cleared' ? 'condition' : null,
        severity: severity ?? 'none',
        priority: priorityOf(severity, (warning) => warnings.push(warning)),
        class: classOf(body['class']),
        at: instant(first(body, 'occurredAt', 'timestamp', 'time')) ?? message.receivedAt,
        area,
        equipment: equipment && area && isWithin(equipment, area) ? equipment : null,
        title,
        text: clean(first(body, 'text', 'details', 'description'), 4000),
        value:
          Number.isFinite(value) || typeof value === 'boolean' ? (value as number | boolean) : cleanLine(value, 200),
        unit: cleanLine(body['unit'], 40),
        links: linksOf(...(Array.isArray(body['links']) ? (body['links'] as unknown[]) : [body['link']])),
      },
    ],
  };
};

const first = (body: Loose, ...names: readonly string[]): unknown =>
  names.map((name) => body[name]).find((value) => value !== undefined && value !== null);
