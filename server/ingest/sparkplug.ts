/**
 * Sparkplug B, decoded to JSON by a bridge: `{topic, decoded}`, or a list of them. Values are states, not alarms; what is an alarm is agreed by
 * name: a Boolean metric `Alarms/NAME/Active`, and beside it whichever there are of `Acked Priority Severity Text Value Unit Shelved`.
 * A birth is a snapshot of what was known and a historical value tells of the past: both are quiet. A death clears nothing; it says
 * whose conditions nobody watches any more.
 */
import type { Transition } from '../../shared/features/alarms/contract.ts';
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import { type Adapter, cleanLine, isObject, keyOf, type Loose, type Message, priorityOf } from './adapter.ts';
import { bare, details, gather, jsonIn, missing, namesOf, type Read, type Warn } from './reading.ts';
import { type Metric, metricsIn } from './sparkplug-metrics.ts';
import { moment, wholeNumber } from './times.ts';

const TOPIC = /^spBv1\.0\/([^/]+)\/([A-Z]+)\/([^/]+)(?:\/([^/]+))?$/;
const ALARM = /^((?:.+\/)?Alarms?\/.+)\/Active$/i;

interface Origin {
  readonly verb: string;
  /** `GROUP/NODE/` or `GROUP/NODE/DEVICE/`: with it the keys of all its conditions begin. */
  readonly prefix: string;
  readonly parts: readonly string[];
}

export const sparkplug: Adapter = (message) => {
  const read = jsonIn(message.body);
  if (isRefusal(read)) return read;
  const items: readonly unknown[] = Array.isArray(read.value) ? read.value : [read.value];
  return gather(items, 'Message', (item, _i, warn) => one(item, message, warn));
};

function one(item: unknown, message: Message, warn: Warn): ReturnType<Read> {
  if (!isObject(item)) return missing('', 'A bridge of Sparkplug sends objects {topic, decoded}.', 'not an object');
  const topic = cleanLine(item['topic'], 1000) ?? '';
  if (/^(?:spBv1\.0\/)?STATE\//.test(topic)) return { transitions: [] };
  const origin = originOf(topic);
  if (!origin)
    return missing(
      '/topic',
      'The topic is not spBv1.0/GROUP/TYPE/NODE, and /DEVICE where the type begins with D.',
      'unknown',
    );
  if (origin.verb.endsWith('DEATH')) return { transitions: [], lost: [origin.prefix] };
  if (!/^[ND](?:BIRTH|DATA)$/.test(origin.verb)) return { transitions: [] };
  const decoded = item['decoded'] ?? item['payload'];
  if (!isObject(decoded)) return missing('/decoded', 'The payload must be decoded to JSON by the bridge.');
  return { transitions: transitionsIn(decoded, origin, message, warn) };
}

function originOf(topic: string): Origin | null {
  const [, group, verb, node, device] = TOPIC.exec(topic) ?? [];
  if (!group || !verb || !node || verb.startsWith('D') !== (device !== undefined)) return null;
  const parts = [group, node, ...(device === undefined ? [] : [device])].map((part) => short(part.trim()));
  if (parts.includes('')) return null;
  return { verb, parts, prefix: `${parts.join('/')}/` };
}

/** A prefix must stay one: so a long part is named by its digest, and never the whole key. */
const short = (part: string): string => (part.length <= 64 ? part : `sha256:${sha256Hex(utf8(part)).slice(0, 32)}`);

function transitionsIn(decoded: Loose, origin: Origin, message: Message, warn: Warn): Transition[] {
  const { metrics, nameless } = metricsIn(decoded);
  if (nameless)
    warn(`${nameless} metric(s) have an alias and no name. Let the bridge put in the names that the birth gave.`);
  const byName = new Map(metrics.map((metric) => [metric.name.toLowerCase(), metric]));
  const others = metrics.filter(
    ({ name }) => !/(?:^|\/)Alarms?\//i.test(name) && !/^(?:Node|Device) Control\/|^bdSeq$/.test(name),
  );
  const text = details(Object.fromEntries(others.slice(0, 10).map(({ name, value }) => [name, value])));
  const sentAt = moment(decoded['timestamp']);
  const seq = wholeNumber(decoded['seq']);
  return metrics.flatMap((metric) => {
    const alarm = ALARM.exec(metric.name)?.[1];
    const isBit = typeof metric.value === 'boolean' || metric.value === 0 || metric.value === 1;
    if (!alarm || !isBit) return [];
    const beside = (name: string): Metric | undefined => byName.get(`${alarm}/${name}`.toLowerCase());
    const at = metric.at ?? sentAt;
    return alarmOf({ alarm, metric, beside, origin, message, warn, text, at, seq });
  });
}

interface Alarm {
  readonly alarm: string;
  readonly metric: Metric;
  readonly beside: (name: string) => Metric | undefined;
  readonly origin: Origin;
  readonly message: Message;
  readonly warn: Warn;
  readonly text: string | null;
  readonly at: string | null;
  readonly seq: number | null;
}

function alarmOf({ alarm, metric, beside, origin, message, warn, text, at, seq }: Alarm): Transition[] {
  const { prefix, parts } = origin;
  const name = alarm.replace(/^.*?Alarms?\//i, '');
  const conditionKey = keyOf(prefix + (alarm.length <= 90 ? alarm : `sha256:${sha256Hex(utf8(alarm))}`))!;
  const isBirth = origin.verb.endsWith('BIRTH');
  const isQuiet = isBirth || metric.isHistorical || beside('Shelved')?.value === true;
  const severity = cleanLine(beside('Priority')?.value ?? beside('Severity')?.value, 60);
  const said = cleanLine(beside('Text')?.value, 300);
  // `seq` begins anew after 255: without the time of the message, the same key would come back within minutes.
  const key = seq !== null && at ? `${prefix}${seq}@${at}` : null;
  const kind = metric.value ? ('active' as const) : ('cleared' as const);
  const isAsking = kind === 'active' && !isQuiet;
  const transition: Transition = {
    ...bare(message),
    conditionKey,
    messageKey: keyOf(key),
    kind,
    clearCause: kind === 'cleared' ? 'condition' : null,
    severity: severity ?? 'none',
    priority: priorityOf(/^[1-4]$/.test(severity ?? '') ? `p${severity}` : severity, isAsking ? warn : () => undefined),
    at: at ?? message.receivedAt,
    title: said ?? cleanLine(`${name} (${parts.at(-1)})`, 300)!,
    text,
    value: beside('Value')?.value ?? null,
    unit: cleanLine(beside('Unit')?.value, 40),
    ...(isQuiet ? { quiet: true } : {}),
    ...namesOf(name, parts.join('/'), parts.at(-1), parts.slice(0, 2).join('/')),
  };
  const isAcked = !isBirth && kind === 'active' && beside('Acked')?.value === true;
  return isAcked
    ? [transition, { ...transition, kind: 'acked', messageKey: key && keyOf(`${key}|acked`) }]
    : [transition];
}
