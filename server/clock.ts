export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Where this machine stands: the zone of an organisation that names none. */
export const machineZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
