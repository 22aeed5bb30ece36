/** A refusal is an answer that a person reads: a stable code, what happened, what to do. It is returned, never thrown. */
import type { Fact } from './event.ts';

/** The one map from code to HTTP status (RFC 9457 `type` ends in the code). */
export const STATUS_BY_CODE = {
  'malformed-json': 400,
  'invalid-input': 400,
  'invalid-text': 400,
  unauthenticated: 401,
  'token-expired': 401,
  'token-revoked': 401,
  'role-not-allowed': 403,
  'outside-your-area': 403,
  'not-found': 404,
  'no-such-route': 404,
  'method-not-allowed': 405,
  'request-timeout': 408,
  'already-exists': 409,
  'transition-not-allowed': 409,
  'condition-active': 409,
  'evidence-required': 409,
  'same-person': 409,
  'not-on-duty': 409,
  'shift-already-active': 409,
  'tasks-undecided': 409,
  'head-moved': 409,
  'not-your-entry': 409,
  'already-corrected': 409,
  'not-sealed': 409,
  'devices-missing': 409,
  'offset-mismatch': 409,
  gone: 410,
  'code-unknown': 404,
  'code-used': 410,
  'code-expired': 410,
  'too-large': 413,
  'unsupported-media-type': 415,
  'idempotency-key-reused': 422,
  'command-id-reused': 422,
  'hash-mismatch': 422,
  'signature-invalid': 422,
  'device-unknown': 422,
  'unknown-reference': 422,
  'shift-sealed': 423,
  'not-a-delivery': 400,
  'too-many-tries': 429,
  'too-many-deliveries': 429,
  internal: 500,
  'not-ready': 503,
} as const;

export type RefusalCode = keyof typeof STATUS_BY_CODE;

export interface Refusal {
  readonly refused: RefusalCode;
  readonly detail: string;
  /** The failing fields, as JSON pointers into the input. */
  readonly fields?: readonly { readonly field: string; readonly problem: string }[];
  /** Further members for the problem, for example the undecided tasks. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** What is recorded in the organisation's own stream although the command is refused. */
  readonly witness?: Fact;
}

export const refuse = (
  refused: RefusalCode,
  detail: string,
  more: Omit<Refusal, 'refused' | 'detail'> = {},
): Refusal => ({
  refused,
  detail,
  ...more,
});

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'refused' in value && 'detail' in value;

/** A bug or a broken disk: thrown, never caught to go on. */
export class Fault extends Error {
  override name = 'Fault';
}
