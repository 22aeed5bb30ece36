/**
 * A flat object about one thing, by whatever names a sender has for its members: the aliases of our generic JSON (domain model 3.2 k), and
 * what buses and SCADA systems call the same.
 */
import type { Transition } from '../../shared/features/alarms/contract.ts';
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import type { Refusal } from '../../shared/kernel/refusal.ts';
import { isWithin } from '../../shared/kernel/roles.ts';
import {
  classOf,
  cleanLine,
  keyOf,
  linksOf,
  type Loose,
  type Message,
  pathOf,
  priorityOf,
  withinArea,
} from './adapter.ts';
import { bare, details, missing, namesOf, scalar, type Warn } from './reading.ts';
import { moment } from './times.ts';
import { type Kind, kindOfState } from './words.ts';

export interface About {
  readonly message: Message;
  /** Where the object stands in the body: refusals point there. */
  readonly path?: string;
  readonly warn: Warn;
  /** What the envelope says, whatever the object says. */
  readonly kind?: Kind;
  readonly conditionKey?: string | null;
  readonly messageKey?: string | null;
  /** What the envelope says where the object says nothing. */
  readonly source?: string | null;
  readonly at?: string | null;
  readonly title?: string | null;
  readonly names?: readonly unknown[];
}

export const KEYS = ['condition', 'dedup', 'dedup_key', 'alert_uid'] as const;
export const CODES = ['code', 'tag', 'alarm', 'alarmId', 'conditionId'] as const;
const TITLES = ['title', 'summary', 'message', 'label', 'displayPath', 'name'] as const;
const TEXTS = ['text', 'details', 'description', 'notes', 'reason'] as const;
const STATES = ['state', 'status', 'action', 'event_action', 'eventState', 'active'] as const;
const TIMES = ['occurredAt', 'timestamp', 'time', 'ts', 'eventTime'] as const;

export const first = (body: Loose, names: readonly string[]): unknown =>
  names.map((name) => body[name]).find((value) => value !== undefined && value !== null && value !== '');
/** Whether it names what it is about, or says how that is. */
export const isNamed = (body: Loose): boolean => first(body, [...KEYS, ...CODES, ...TITLES, ...STATES]) !== undefined;
export const stateIn = (body: Loose): unknown => first(body, STATES);
export const timeIn = (body: Loose): unknown => first(body, TIMES);

export function plainAlarm(body: Loose, about: About): Transition | Refusal {
  const { message, path = '', warn } = about;
  const text = details(first(body, TEXTS));
  const code = first(body, CODES);
  const own = cleanLine(first(body, TITLES), 300);
  const title = own ?? cleanLine(text, 300) ?? cleanLine(code, 300) ?? cleanLine(about.title, 300);
  if (!title)
    return missing(`${path}/title`, 'An event needs a title, a summary, a text or a code that says what is wrong.');
  const kind = about.kind ?? kindIn(body);
  if (!kind) {
    const state = cleanLine(stateIn(body), 40) ?? 'object';
    return missing(`${path}/state`, `The state "${state}" is not one of active, cleared, acked, info.`, 'unknown');
  }
  const source = cleanLine(body['source'] ?? about.source, 200) ?? '';
  return {
    ...bare(message),
    ...placeIn(body, message),
    ...severityIn(body, kind, warn),
    conditionKey:
      about.conditionKey ?? conditionIn(body, source, own ?? (code ? null : title), warn) ?? titled(source, title),
    occurrenceKey: keyOf(body['occurrence']),
    messageKey: about.messageKey ?? keyOf(body['id']),
    kind,
    clearCause: kind === 'cleared' ? 'condition' : null,
    class: classOf(body['class']),
    at: atIn(body, warn) ?? about.at ?? message.receivedAt,
    title,
    text: text === title ? null : text,
    value: scalar(first(body, ['value', 'eventValue'])),
    unit: cleanLine(first(body, ['unit', 'units', 'uom']), 40),
    links: linksOf(...(Array.isArray(body['links']) ? (body['links'] as unknown[]) : [first(body, ['link', 'url'])])),
    ...namesOf(
      ...(about.names ?? []),
      ...['equipment', 'machine', 'asset', 'device', 'tag', 'code'].map((name) => body[name]),
    ),
  };
}

/** A message that says no state at all is about something that is the case. */
function kindIn(body: Loose): Kind | undefined {
  const state = stateIn(body);
  return state === undefined ? 'active' : kindOfState(state);
}

/** The key that the sender gives; else its code or tag, which is one of many only together with the source; else what it is called. */
function conditionIn(body: Loose, source: string, title: string | null, warn: Warn): string | null {
  const named = keyOf(first(body, KEYS));
  if (named) return named;
  const code = cleanLine(first(body, CODES), 400);
  if (code) return keyOf(source ? `${source} ${code}` : code);
  if (!title) return null;
  warn('No condition key; source and title stand for it. Send "condition" so that a changed title is not a new alarm.');
  return titled(source, title);
}

const titled = (source: string, title: string): string => `title:${sha256Hex(utf8(`${source}\n${title}`))}`;

/** `priority: 1` is the first of four; a bare number as severity means something else in every system. */
function severityIn(body: Loose, kind: Kind, warn: Warn): Pick<Transition, 'severity' | 'priority'> {
  const ranked = cleanLine(first(body, ['priority', 'prio']), 60);
  const severity = cleanLine(body['severity'], 60) ?? ranked ?? (kind === 'info' ? 'info' : null);
  const rank = severity === ranked && /^[1-5]$/.test(ranked ?? '') ? `p${Math.min(Number(ranked), 4)}` : severity;
  return { severity: severity ?? 'none', priority: priorityOf(rank, warn) };
}

function atIn(body: Loose, warn: Warn): string | null {
  const said = timeIn(body);
  const at = moment(said);
  if (said !== undefined && !at)
    warn(`"${cleanLine(said, 40) ?? '?'}" is not a time with a zone; the time of arrival stands for it.`);
  return at;
}

/** A machine stands in the place that its path begins with. */
export function placeIn(body: Loose, message: Message): Pick<Transition, 'area' | 'equipment'> {
  const equipment = pathOf(body['equipment']);
  const parent = equipment?.includes('/') ? equipment.replace(/\/[^/]+$/, '') : null;
  const area = withinArea(pathOf(body['site'], body['area']) ?? parent, message.area);
  return { area, equipment: equipment && area && isWithin(equipment, area) ? equipment : null };
}
