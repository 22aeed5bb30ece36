/**
 * Grafana's unified alerting: Alertmanager's shape as its version "1", with values, links and an organisation of its own. An Alertmanager
 * behind Grafana sends version "4" through the same contact point; it is read the same way. The group's state never counts.
 */
import { type Adapter, clean, cleanLine, isObject, linksOf, type Loose } from './adapter.ts';
import { alertGroup } from './alertmanager.ts';
import { details, namesOf } from './reading.ts';

export const grafana: Adapter = alertGroup('a Grafana', (transition, alert, group) => {
  const values = isObject(alert['values']) ? alert['values'] : {};
  const isFiring = transition.kind === 'active';
  const { text, title, conditionKey, links } = transition;
  const more = ['dashboardURL', 'panelURL', 'imageURL', 'silenceURL'].map((name) => alert[name]);
  return {
    ...transition,
    // Without summary and name of its own, the condition is called by its key: the group's title says more.
    title: title === conditionKey ? (cleanLine(group['title'], 300) ?? title) : title,
    text: text ?? (isFiring ? (details(values) ?? clean(alert['valueString'], 4000)) : null),
    value: isFiring ? queried(values) : null,
    links: [...new Set([...links, ...linksOf(...more)])].slice(0, 10),
    ...namesOf(...(transition.names ?? []), alert['ruleUID']),
  };
});

/** Values stand by the letters of the rule's steps: the query comes first, what is reckoned from it after. */
const queried = (values: Loose): number | null => {
  const numbers = Object.keys(values)
    .sort()
    .map((step) => values[step]);
  return numbers.find((value): value is number => typeof value === 'number' && Number.isFinite(value)) ?? null;
};
