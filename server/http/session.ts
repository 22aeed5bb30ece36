/** A caller over the life of a stream or socket: asked for again once per heartbeat, so that a revoked token ends it and a new area shows. */
import type { Caller } from '../../shared/kernel/command.ts';
import { isRefusal, type Refusal } from '../../shared/kernel/refusal.ts';
import { callerOf, type Credential } from './caller.ts';
import type { Site } from './site.ts';

export type Session = () => Promise<Caller | Refusal>;

export function sessionOf(site: Site, credential: Credential, first: Caller): Session {
  let caller = first;
  let asked = performance.now();
  return async () => {
    if (performance.now() - asked < site.heartbeatMs) return caller;
    asked = performance.now();
    const again = await callerOf(site, credential);
    if (!isRefusal(again)) caller = again;
    return again;
  };
}
