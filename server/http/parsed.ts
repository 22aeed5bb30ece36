/** A body of one of the host's own routes, by its schema. Features' bodies are parsed at the door. */
import type { output, ZodType } from 'zod';
import type { Body } from './body.ts';
import { refuseIssues } from '../../shared/kernel/issues.ts';
import { isRefusal, type Refusal } from '../../shared/kernel/refusal.ts';

export function parsedBy<T extends ZodType>(schema: T, body: Body | Refusal): output<T> | Refusal {
  if (isRefusal(body)) return body;
  const parsed = schema.safeParse(body.json);
  return parsed.success ? parsed.data : refuseIssues(parsed.error);
}
