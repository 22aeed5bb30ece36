/** What a device says about a command it made away from the server, and what the server notices about devices. */

/** Kept in the body of the first event, so that gaps and concurrency can be proven from the log alone. */
export interface Made {
  /** Counts the commands of this device without gaps, from 1. */
  readonly deviceSeq: number;
  /** The latest position of the log that the device had seen. */
  readonly observedSeq: number;
  readonly tz: string;
  /** Device clock minus server clock, as the device measured it. */
  readonly clockOffsetMs: number | null;
}

/** The bytes whose SHA-256 is the command's, and the device's Ed25519 signature over them, base64. Both were checked before the door. */
export interface SignedCommand {
  readonly text: string;
  readonly signature: string;
}

/** What is known of one device: its numbers from what it sent, the rest from when it last spoke. */
export interface Contact {
  readonly device: string;
  /** Whose credential spoke last. */
  readonly user: string | null;
  readonly at: string | null;
  /** The highest number that the device said it had given, and how many commands it said still wait there. */
  readonly lastDeviceSeq: number;
  readonly outboxDepth: number;
  /** The highest number that arrived, and the missing ones below it as closed ranges. */
  readonly received: number;
  readonly gaps: readonly (readonly [from: number, to: number])[];
}

export interface Numbered {
  readonly device: string;
  readonly deviceSeq: number;
}

/** What a device said of itself; what it did not say stays as it was. */
export interface SignOfLife {
  readonly device: string;
  readonly user: string;
  readonly at: string;
  readonly lastDeviceSeq?: number;
  readonly outboxDepth?: number;
}

/** One command of a device that arrived, whatever became of it. */
export interface Receipt extends Numbered {
  readonly command: string;
  /** The device's own time of the record. */
  readonly at: string;
}

/** A device that has not spoken for so long may hold entries that nobody has seen. */
export const SILENT_AFTER = 15 * 60_000;

/** The closed ranges that are missing below the highest of these numbers; `numbers` ascending and without doubles. */
export function gapsIn(numbers: readonly number[]): (readonly [from: number, to: number])[] {
  const gaps: (readonly [number, number])[] = [];
  let next = 1;
  for (const number of numbers) {
    if (number > next) gaps.push([next, number - 1]);
    next = number + 1;
  }
  return gaps;
}
