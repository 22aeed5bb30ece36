/** One adapter per kind of sender, and how its messages are told apart. */
import type { IntegrationKind } from '../../shared/features/integrations/contract.ts';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import { cleanLine, isObject, jsonObject, keyOf, type Adapter, type Loose } from './adapter.ts';
import { alertmanager } from './alertmanager.ts';
import { cloudevents } from './cloudevents.ts';
import { generic } from './generic.ts';
import { grafana } from './grafana.ts';
import { ignition } from './ignition.ts';
import { mapped } from './mapped.ts';
import { mes } from './mes.ts';
import { nodeRed } from './node-red.ts';
import { opcua } from './opcua.ts';
import { pagerduty } from './pagerduty.ts';
import { sparkplug } from './sparkplug.ts';
import { standardWebhooks } from './standard-webhooks.ts';

export const ADAPTERS: Readonly<Record<IntegrationKind, Adapter>> = {
  alertmanager,
  cloudevents,
  grafana,
  ignition,
  mes,
  opcua,
  pagerduty,
  sparkplug,
  generic: mapped(generic),
  'node-red': mapped(nodeRed),
  'standard-webhooks': standardWebhooks,
};

type Headers = Readonly<Record<string, string>>;
type Naming = (headers: Headers, body: () => Loose | undefined) => readonly unknown[];

const webhookId: Naming = (headers) => [headers['webhook-id'] ?? headers['svix-id']];
const event: Naming = (headers, body) =>
  headers['ce-id'] === undefined ? [body()?.['source'], body()?.['id']] : [headers['ce-source'], headers['ce-id']];
const plain: Naming = (headers, body) => [headers['idempotency-key'] ?? body()?.['id']];

/** What names a message where its sender does (domain model 3.3): all parts, or it has no name. */
const NAMES: Readonly<Record<IntegrationKind, Naming>> = {
  alertmanager: () => [],
  grafana: () => [],
  pagerduty: () => [],
  'standard-webhooks': webhookId,
  mes: (headers, body) => (webhookId(headers, body)[0] === undefined ? event(headers, body) : webhookId(headers, body)),
  cloudevents: event,
  ignition: (_headers, body) => [body()?.['eventId'], body()?.['eventState'] ?? body()?.['state']],
  opcua: (_headers, body) => [body()?.['PublisherId'] ?? '-', body()?.['MessageId']],
  // Its sequence begins anew after 255, so the time belongs to the name.
  sparkplug(_headers, body) {
    const decoded = body()?.['decoded'];
    return isObject(decoded) ? [body()?.['topic'], decoded['timestamp'], decoded['seq'] ?? '-'] : [];
  },
  generic: plain,
  'node-red': plain,
};

export function messageName(kind: IntegrationKind, headers: Headers, body: Uint8Array): string | null {
  let parsed: Loose | undefined | null = null;
  const object = (): Loose | undefined => {
    if (parsed === null) {
      const read = jsonObject(body);
      parsed = isRefusal(read) ? undefined : read.json;
    }
    return parsed;
  };
  const parts = NAMES[kind](headers, object).map((part) => cleanLine(part, 400));
  return parts.length && parts.every((part) => part !== null) ? keyOf(parts.join('|')) : null;
}
