/** The one fold: what an event makes of its stream, here, in every store and on every device. */
import type { Recorded } from './event.ts';
import type { Feature } from './feature.ts';

export function evolved(feature: Feature, state: unknown, event: Recorded): unknown {
  if (event.body.aside) return feature.aside ? (feature.aside(state, event) as unknown) : state;
  return feature.evolve[event.type]!(state, event) as unknown;
}
