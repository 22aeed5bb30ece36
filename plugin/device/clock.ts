/** Time, chance and rest as this device has them. */
import { hex } from '../../shared/kernel/bytes.ts';
import type { Clock } from '../link.ts';

export const deviceClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, work) {
    const timer = window.setTimeout(work, milliseconds);
    return () => window.clearTimeout(timer);
  },
  random: () => Math.random(),
};

export const unique = (): string => hex(crypto.getRandomValues(new Uint8Array(16)));

/** A macrotask that no throttle of timers delays: input and drawing come between. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
