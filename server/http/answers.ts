/** Responses that every route writes the same way. */
export const json = (value: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json', ...headers } });

export const bytes = (
  value: Uint8Array | string,
  contentType: string,
  headers: Record<string, string> = {},
): Response => new Response(value as BodyInit, { headers: { 'content-type': contentType, ...headers } });
