/**
 * Ignition's alarm pipelines, by the script that we hand out (domain model 3.2 f). An event id names one episode and never becomes active
 * again; the source path names the condition. Pipelines drop what is acknowledged, cleared or shelved unless their drop-outs are off, so
 * each message is read for all that it says: one of `ActiveAcked` whose alarm never arrived tells of that alarm too.
 */
import type { Transition } from '../../shared/features/alarms/contract.ts';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import {
  type Adapter,
  classOf,
  clean,
  cleanLine,
  isObject,
  jsonObject,
  keyOf,
  type Loose,
  type Message,
  pathOf,
  priorityOf,
  withinArea,
} from './adapter.ts';
import { bare, gather, missing, namesOf, scalar, type Warn } from './reading.ts';
import { moment } from './times.ts';
import { isAcked, type Kind, kindOfState } from './words.ts';

export const ignition: Adapter = (message) => {
  const read = jsonObject(message.body);
  if (isRefusal(read)) return read;
  return gather([read.json], 'Event', (_item, _i, warn) => {
    const body = read.json;
    const conditionKey = keyOf(body['source']);
    if (!conditionKey) return missing('/source', 'This is not an alarm of Ignition: it has no source path.');
    const kinds = kindsIn(body);
    if (!kinds.length)
      return missing(
        '/state',
        'The state is not one of ActiveUnacked, ActiveAcked, ClearUnacked, ClearAcked.',
        'unknown',
      );
    const said = signal(body, conditionKey, message, warn);
    const event = keyOf(body['eventId']);
    const state = cleanLine(body['state'] ?? body['eventState'], 40) ?? kinds.join();
    return {
      transitions: kinds.map((kind, i) => ({
        ...said,
        // An episode that was known before makes nothing of the part that is only repeated.
        messageKey: event && i === kinds.length - 1 ? keyOf(`${event}|${state}`) : null,
        occurrenceKey: event,
        kind: isDiagnostic(body) && kind === 'active' ? 'info' : kind,
        clearCause: kind === 'cleared' ? 'condition' : null,
        ...(body['isShelved'] === true && kind === 'active' ? { quiet: true } : {}),
      })),
    };
  });
};

/** All that a message says, the state before its acknowledgement. */
function kindsIn(body: Loose): Kind[] {
  const state = cleanLine(body['state'], 60) ?? '';
  const cause = cleanLine(body['eventState'], 60) ?? '';
  const told =
    kindOfState(state) ??
    (typeof body['isCleared'] === 'boolean' ? (body['isCleared'] ? 'cleared' : 'active') : undefined);
  if (/^ack/i.test(cause)) return told === 'active' ? ['active', 'acked'] : ['acked'];
  const kind = told ?? kindOfState(cause);
  const acked = isAcked(state) || (state === '' && body['isAcked'] === true);
  return kind === 'active' && acked ? ['active', 'acked'] : kind ? [kind] : [];
}

const PRIORITIES = ['diagnostic', 'low', 'medium', 'high', 'critical'];
/** By name, or by Ignition's own order. */
const severityIn = ({ priority }: Loose): string | null => {
  const said = cleanLine(priority, 60);
  return (/^[0-4]$/.test(said ?? '') ? PRIORITIES[Number(said)] : said) ?? null;
};
const isDiagnostic = (body: Loose): boolean => severityIn(body)?.toLowerCase() === 'diagnostic';

/** The script makes text of everything: what is nothing reads "None", and the path of an alarm without a display path is its source. */
function said(body: Loose, name: string): string | null {
  const text = cleanLine(body[name], 300);
  return text === null || /^(?:None|null)$|^prov:/.test(text) ? null : text;
}

function signal(body: Loose, conditionKey: string, message: Message, warn: Warn) {
  const severity = severityIn(body);
  const display = said(body, 'displayPath');
  const name = said(body, 'name');
  const data = isObject(body['associatedData']) ? body['associatedData'] : {};
  const path = cleanLine(body['source'], 1000) ?? '';
  const tag = /\/tag:([^:]+)/.exec(path)?.[1];
  const provider = /^prov:([^:]+):\//.exec(path)?.[1];
  return {
    ...bare(message),
    ...placeIn(data, display, message),
    conditionKey,
    severity: severity ?? 'none',
    priority: isDiagnostic(body) ? 'P4' : priorityOf(severity, warn),
    class: classOf(data['class']),
    at: moment(body['eventTime']) ?? message.receivedAt,
    title: said(body, 'label') ?? display ?? ([tag?.split('/').at(-1), name].filter(Boolean).join(' ') || conditionKey),
    text: said(body, 'notes') && clean(body['notes'], 4000),
    value: scalar(body['eventValue']),
    unit: cleanLine(data['engUnit'] ?? body['unit'], 40),
    ...namesOf(
      tag && provider && `[${provider}]${tag}`,
      tag,
      tag?.split('/').at(-1),
      display,
      data['unit'],
      data['equipment'],
    ),
  } satisfies Partial<Transition>;
}

/** The associated data say where it stands; else the folders of the display path do, the first being the area. */
function placeIn(data: Loose, display: string | null, { area: own }: Message): Pick<Transition, 'area' | 'equipment'> {
  const folders = (display ?? '').split('/').slice(0, -1);
  const isSaid = ['site', 'area', 'line', 'unit'].some((name) => pathOf(data[name]) !== null);
  const place = isSaid ? pathOf(data['site'], data['area']) : pathOf(folders[0]);
  const below = isSaid ? pathOf(data['line'], data['unit']) : pathOf(...folders.slice(1));
  const area = withinArea(place, own);
  // Of another place than the integration's own, its machines stand elsewhere too.
  const isHere = area === place || place === null || own?.split('/').at(-1) === place;
  return { area, equipment: isHere && below ? pathOf(area, below) : null };
}
