/** A token bucket: so many at once, and so many a second after that. */

export interface Bucket {
  /** False when there is not that much left. */
  take(amount: number): boolean;
}

export function createBucket(perSecond: number, atOnce: number, now: () => number = () => performance.now()): Bucket {
  let left = atOnce;
  let at = now();
  return {
    take(amount) {
      const time = now();
      left = Math.min(atOnce, left + ((time - at) / 1000) * perSecond);
      at = time;
      if (amount > left) return false;
      left -= amount;
      return true;
    },
  };
}
