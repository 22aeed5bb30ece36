/** A refusal as `application/problem+json` (RFC 9457). */
import { STATUS_BY_CODE, type Refusal } from '../../shared/kernel/refusal.ts';

/** `type` need not resolve; it ends in the code and stays the same for ever. */
const TYPE = 'urn:operary:problem:';

export function problemOf(refusal: Refusal, requestId?: string): Record<string, unknown> {
  return {
    ...refusal.extra,
    type: `${TYPE}${refusal.refused}`,
    title: titleOf(refusal.refused),
    status: STATUS_BY_CODE[refusal.refused],
    detail: refusal.detail,
    code: refusal.refused,
    ...(refusal.fields ? { fields: refusal.fields } : {}),
    ...(requestId ? { requestId } : {}),
  };
}

export function problemResponse(refusal: Refusal, requestId: string, headers: Record<string, string> = {}): Response {
  const status = STATUS_BY_CODE[refusal.refused];
  return new Response(JSON.stringify(problemOf(refusal, requestId)), {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(status === 401 ? { 'www-authenticate': challenge(refusal.refused) } : {}),
      ...(status === 503 ? { 'retry-after': '2' } : {}),
      ...(status === 429 ? { 'retry-after': String(refusal.extra?.['retryAfter']) } : {}),
      ...headers,
    },
  });
}

const challenge = (code: string): string =>
  code === 'unauthenticated' ? 'Bearer realm="operary"' : 'Bearer realm="operary", error="invalid_token"';

const titleOf = (code: string): string => {
  const words = code.replaceAll('-', ' ');
  return `${words[0]!.toUpperCase()}${words.slice(1)}`;
};
