/** Writes what is to be kept, one after the other, and what is asked for while one waits only once. */

export interface Keeping {
  /** As it will be when the write begins. Resolves when it is kept. */
  soon(): Promise<void>;
  /** When all that was asked for up to now is kept. */
  done(): Promise<void>;
}

export function createKeeping(write: () => Promise<void>): Keeping {
  let last = Promise.resolve();
  let isDue = false;
  return {
    soon() {
      if (isDue) return last;
      isDue = true;
      last = last.then(() => {
        isDue = false;
        return write();
      });
      return last;
    },
    done: () => last,
  };
}
