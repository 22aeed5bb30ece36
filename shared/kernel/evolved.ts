/** The one fold: what an event makes of its stream, here, in every store and on every device. */
import type { Fact, Recorded } from './event.ts';
import type { Feature } from './feature.ts';

export function evolved(feature: Feature, state: unknown, event: Recorded): unknown {
  if (event.body.aside) return feature.aside ? feature.aside(state, event) : state;
  return feature.evolve[event.type]!(state, event);
}

type Facts = readonly Pick<Fact, 'type' | 'body'>[];

/** Whether what was decided where a command was made, and what is decided now, are about the same part of the stream. */
export function isOfOnePart({ partOf }: Feature, then: Facts, now: Facts): boolean {
  return !partOf || (then[0] && partOf(then[0])) === (now[0] && partOf(now[0]));
}
