/** The timelines of what presides now, as the server counts them: asked for again when there is news, not more often than people look. */
import { answered, type Clock, type Link } from './link.ts';
import type { Memory } from './notes/ports.ts';
import type { Timeline } from '../shared/kernel/timeline.ts';

export interface Timelines {
  /** The latest one known of this stream; asks for a newer one when the device has seen more since. */
  of(path: string, position: number): Timeline | undefined;
  stop(): void;
}

const BETWEEN = 5_000;

interface Known {
  readonly path: string;
  readonly position: number;
  readonly askedAt: number;
  readonly timeline: Timeline | undefined;
}

/** `changed` is called when there is a newer one. */
export function createTimelines(link: Link, clock: Clock, memory: Memory, changed: () => void): Timelines {
  const known = new Map<string, Known>();
  const waiting = new Map<string, () => void>();

  async function ask(path: string, position: number): Promise<void> {
    waiting.delete(path);
    const { timeline } = knownOf(path);
    known.set(path, { path, position, askedAt: clock.now(), timeline });
    try {
      const { status, json } = await answered(link, clock, 'GET', path);
      if (status !== 200) return;
      known.set(path, { path, position, askedAt: clock.now(), timeline: json as Timeline });
      memory.set('timeline', JSON.stringify({ path, timeline: json }));
      changed();
    } catch {
      // Offline: the last one stays, and says until when it was counted. The next look asks again.
      known.set(path, { ...knownOf(path), position: -1 });
    }
  }

  function knownOf(path: string): Known {
    return known.get(path) ?? { path, position: -1, askedAt: -Infinity, timeline: keptIn(memory, path) };
  }

  return {
    of(path, position) {
      const { position: seen, askedAt, timeline } = knownOf(path);
      if (position !== seen && !waiting.has(path)) {
        const wait = Math.max(0, askedAt + BETWEEN - clock.now());
        waiting.set(
          path,
          clock.after(wait, () => void ask(path, position)),
        );
      }
      return timeline;
    },
    stop() {
      for (const cancel of waiting.values()) cancel();
      waiting.clear();
    },
  };
}

function keptIn(memory: Memory, path: string): Timeline | undefined {
  try {
    const kept = JSON.parse(memory.get('timeline') ?? '') as { path: string; timeline: Timeline };
    return kept.path === path ? kept.timeline : undefined;
  } catch {
    return undefined;
  }
}
