/** Devices as the door sees them, and what it does not let pass without a supervisor. */
import type { Caller } from './command.ts';
import type { Made, SignedCommand } from './device.ts';
import type { Subject } from './event.ts';
import type { Area } from './roles.ts';

/** How a device stands, as the feature that keeps devices tells the door. */
export interface DeviceStanding {
  /** Ed25519, base64. */
  readonly publicKey: string;
  readonly isWrittenOff: boolean;
  /** Two copies of it have spoken. */
  readonly isForked: boolean;
  /** Who has taken this device over with a credential of their own, and how far that credential reached. */
  readonly people: readonly { readonly user: string; readonly role: string; readonly areas: readonly Area[] }[];
}

/** A command that is kept for a supervisor instead of being performed. */
export interface HeldCommand {
  readonly type: string;
  readonly subject: Subject;
  readonly input: unknown;
  readonly author: Caller;
  readonly device: string;
  readonly made: Made;
  readonly occurredAt: string;
  readonly shift: string | null;
  readonly submittedBy: string | null;
  readonly flags: readonly string[];
  readonly signed: SignedCommand | null;
  readonly because: string;
}
