/** The connection in plain words. "Stored" means committed and synced to disk on the server (L13). */
import type { Host } from './host.ts';
import { statusWords } from './words/index.ts';

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
  const saved = waiting ? statusWords.waiting(waiting) : '';
  if (state.kind === 'denied') return { words: statusWords.attention, kind: 'attention', detail: state.why };
  if (state.kind === 'offline')
    return { words: statusWords.offlineSince(timeOf(state.since), saved), kind: 'offline', detail: state.why };
  if (state.kind === 'unset')
    return {
      words: statusWords.notConnected,
      kind: 'offline',
      detail: statusWords.connectHow,
    };
  if (state.kind === 'stopped') return { words: statusWords.stopped, kind: 'offline', detail: '' };
  if (concerns)
    return {
      words: statusWords.concerns(concerns),
      kind: 'attention',
      detail: waiting ? statusWords.savedHere(saved) : '',
    };
  if (waiting)
    return {
      words: statusWords.savedHere(saved),
      kind: 'busy',
      detail: statusWords.sentLater,
    };
  if (state.kind === 'connecting') return { words: statusWords.connecting, kind: 'busy', detail: '' };
  const pending = host?.asking.pending ?? 0;
  if (pending) return { words: statusWords.sending(pending), kind: 'busy', detail: '' };
  return { words: statusWords.stored, kind: 'stored', detail: statusWords.onServer };
}
