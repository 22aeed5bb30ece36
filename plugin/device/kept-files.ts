/** Photos and files of one plant, with the store on this device that they lie in. */
import type { Attention } from '../attention.ts';
import { createEvidence, type Evidence } from '../evidence/evidence.ts';
import type { SendBytes } from '../evidence/ports.ts';
import type { Memory } from '../notes/ports.ts';
import { openBlobs } from './blobs.ts';
import { deviceClock } from './clock.ts';
import { digestOf } from './keys.ts';
import { vaultId } from './memory.ts';

export interface KeptFiles {
  readonly evidence: Evidence;
  stop(): void;
}

export function keptFiles(memory: Memory, send: SendBytes, attention: Attention, changed: () => void): KeptFiles {
  const blobs = openBlobs(window.indexedDB, `operary-files-${vaultId(memory)}`);
  const evidence = createEvidence({ blobs, send, clock: deviceClock, attention, digest: digestOf });
  evidence.onChange(changed);
  return {
    evidence,
    stop() {
      evidence.stop();
      blobs.close();
    },
  };
}
