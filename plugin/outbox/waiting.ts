/** Waits until something has come true, or long enough. Asked again whenever anything has happened. */
import type { Clock } from '../link.ts';

export interface Waiting {
  /** Whether it came true in time. */
  until(isSo: () => boolean, milliseconds: number): Promise<boolean>;
  look(): void;
}

export function createWaiting(clock: Clock): Waiting {
  const looks = new Set<() => void>();
  return {
    until: (isSo, milliseconds) =>
      new Promise((resolve) => {
        const end = (came: boolean): void => {
          cancel();
          looks.delete(look);
          resolve(came);
        };
        const look = (): void => {
          if (isSo()) end(true);
        };
        const cancel = clock.after(milliseconds, () => end(false));
        looks.add(look);
        look();
      }),
    look() {
      for (const look of [...looks]) look();
    },
  };
}
