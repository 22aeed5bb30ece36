/** The connection in plain words. "Stored" means committed and synced to disk on the server (L13). */
import type { Host } from './host.ts';

export interface Status {
  readonly words: string;
  readonly kind: 'stored' | 'busy' | 'offline' | 'attention';
  /** A sentence more, where there is one. */
  readonly detail: string;
}

export function statusOf(
  host: Pick<Host, 'connection' | 'asking' | 'waiting'> | undefined,
  concerns: number,
  timeOf: (milliseconds: number) => string,
): Status {
  const state = host?.connection.state ?? { kind: 'unset' as const };
  const waiting = host?.waiting ?? 0;
  const saved = waiting ? ` · ${waiting} waiting` : '';
  if (state.kind === 'denied') return { words: 'Needs attention', kind: 'attention', detail: state.why };
  if (state.kind === 'offline')
    return { words: `Offline since ${timeOf(state.since)}${saved}`, kind: 'offline', detail: state.why };
  if (state.kind === 'unset')
    return {
      words: 'Not connected',
      kind: 'offline',
      detail: 'Connect with the address and the pairing code that you were given.',
    };
  if (state.kind === 'stopped') return { words: 'Stopped', kind: 'offline', detail: '' };
  if (concerns)
    return { words: `Needs attention: ${concerns}`, kind: 'attention', detail: waiting ? `Saved here${saved}` : '' };
  if (waiting)
    return {
      words: `Saved here${saved}`,
      kind: 'busy',
      detail: 'It is sent by itself as soon as the server can be reached.',
    };
  if (state.kind === 'connecting') return { words: 'Connecting…', kind: 'busy', detail: '' };
  const pending = host?.asking.pending ?? 0;
  if (pending) return { words: `Sending ${pending}…`, kind: 'busy', detail: '' };
  return { words: 'Stored', kind: 'stored', detail: 'Everything is on the server, on disk.' };
}
