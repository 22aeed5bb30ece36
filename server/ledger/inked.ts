/** An event as people read it: the leaf that was recorded, with the values that it commits to put back where they are still kept. */
import type { FeedEvent } from '../../shared/kernel/ledger.ts';
import type { Disclosure } from '../../shared/proof/leaf.ts';

export interface EventRecord {
  readonly leaf: Buffer;
  readonly area: string | null;
  readonly fields: string | null;
}

export function eventOf({ leaf, area, fields }: EventRecord): FeedEvent {
  const { v: _version, ...event } = JSON.parse(leaf.toString('utf8')) as FeedEvent & { v: 1 };
  if (fields !== null) for (const field of disclosuresOf(fields)) putBack(event.body, field);
  return { ...event, area };
}

export const disclosuresOf = (fields: string): readonly Disclosure[] => JSON.parse(fields) as Disclosure[];

// The store wrote commitment and value in one transaction; whether they still agree is fsck's question.
function putBack(body: object, { path, value }: Disclosure): void {
  const steps = path.split('/').slice(1).map(unescaped);
  const last = steps.pop()!;
  let holder = body as Record<string, unknown>;
  for (const step of steps) holder = holder[step] as Record<string, unknown>;
  holder[last] = value;
}

const unescaped = (step: string): string =>
  step.includes('~') ? step.replaceAll('~1', '/').replaceAll('~0', '~') : step;
