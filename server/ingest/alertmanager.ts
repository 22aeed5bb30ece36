/**
 * Prometheus Alertmanager, webhook version 4. `alerts[].status` counts, never the group's; there is no delivery id, so an episode is
 * named by fingerprint and startsAt; annotations of a resolved alert still hold the last firing value and are not shown as the value at
 * clearing. `resolved` does not say why: an exporter that died looks the same.
 */
import { isRefusal, refuse } from '../../shared/kernel/refusal.ts';
import type { Transition } from '../../shared/features/alarms/contract.ts';
import {
  type Adapter,
  classOf,
  clean,
  cleanLine,
  instant,
  isObject,
  jsonObject,
  keyOf,
  linksOf,
  type Loose,
  type Message,
  pathOf,
  priorityOf,
  withinArea,
} from './adapter.ts';
import { namesOf } from './reading.ts';

/** What a sender of the same shape says beyond it. */
export type Refine = (transition: Transition, alert: Loose, group: Loose) => Transition;

/** Alertmanager's shape, which others send too. */
export const alertGroup =
  (sender: string, refine: Refine = (transition) => transition): Adapter =>
  (message) => {
    const read = jsonObject(message.body);
    if (isRefusal(read)) return read;
    const group = read.json;
    const alerts = group['alerts'];
    if (!Array.isArray(alerts)) {
      return refuse('not-a-delivery', `This is not ${sender} webhook: it has no list "alerts".`, {
        fields: [{ field: '/alerts', problem: 'missing' }],
      });
    }
    const warnings = new Set<string>();
    const truncated = group['truncatedAlerts'];
    if (typeof truncated === 'number' && truncated > 0)
      warnings.add(
        `${truncated} alert(s) were cut off by the sender (max_alerts) and never arrive. Raise max_alerts in its webhook_config.`,
      );
    const transitions = alerts.flatMap((alert, i) => {
      const read = isObject(alert) ? transitionOf(alert, message, (warning) => warnings.add(warning)) : undefined;
      if (read) return refine(read, alert as Loose, group);
      warnings.add(
        `Alert ${i + 1} has neither fingerprint nor labels, or no status firing or resolved; it was left out.`,
      );
      return [];
    });
    return { transitions, warnings: [...warnings].slice(0, 20) };
  };

export const alertmanager: Adapter = alertGroup('an Alertmanager');

function transitionOf(alert: Loose, message: Message, warn: (warning: string) => void): Transition | undefined {
  const labels = isObject(alert['labels']) ? alert['labels'] : {};
  const annotations = isObject(alert['annotations']) ? alert['annotations'] : {};
  const kind = alert['status'] === 'firing' ? 'active' : alert['status'] === 'resolved' ? 'cleared' : undefined;
  const conditionKey = keyOf(alert['fingerprint']) ?? labelKey(labels);
  if (!kind || !conditionKey) return undefined;
  const startsAt = instant(alert['startsAt']);
  const severity = cleanLine(labels['severity'], 60);
  const place = pathOf(labels['site'], labels['area']);
  const area = withinArea(place, message.area);
  const unit = labels['unit'] ?? labels['equipment'];
  return {
    conditionKey,
    occurrenceKey: startsAt && `${conditionKey}@${startsAt}`,
    messageKey: null,
    kind,
    clearCause: kind === 'cleared' ? 'unknown' : null,
    severity: severity ?? 'none',
    priority: priorityOf(severity, warn),
    class: classOf(labels['class']),
    at: (kind === 'cleared' ? instant(alert['endsAt']) : startsAt) ?? message.receivedAt,
    area,
    equipment: pathOf(labels['line'], unit) && pathOf(area, labels['line'], unit),
    title: cleanLine(annotations['summary'], 300) ?? cleanLine(labels['alertname'], 300) ?? conditionKey,
    text: clean(annotations['description'], 4000),
    value: null,
    unit: null,
    links: linksOf(annotations['runbook_url'], alert['generatorURL']),
    ...namesOf(unit, labels['tag'], labels['instance']),
  };
}

/** Senders in between may drop the fingerprint; the labels are what it is made of. */
const labelKey = (labels: Loose): string | null =>
  keyOf(
    Object.keys(labels)
      .sort()
      .map((name) => `${name}=${cleanLine(labels[name], 400) ?? ''}`)
      .join(','),
  );
