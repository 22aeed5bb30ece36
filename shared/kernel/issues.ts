/** What a schema found wrong, as a refusal: every field by its JSON pointer, with a sentence for the person who sent it. */
import type * as z from 'zod';
import { refuse, type Refusal } from './refusal.ts';

type Issue = z.core.$ZodIssue;

export function refuseIssues({ issues }: z.ZodError): Refusal {
  const fields = issues.flatMap(fieldsOf);
  const [first] = fields;
  return refuse('invalid-input', `${first!.field || 'The body'}: ${first!.problem}`, { fields });
}

function fieldsOf(issue: Issue): { field: string; problem: string }[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ field: pointer([...issue.path, key]), problem: 'There is no such field.' }));
  return [{ field: pointer(issue.path), problem: sentence(issue) }];
}

const sentence = ({ message }: Issue): string => {
  if (message.endsWith('received undefined')) return 'This field is missing.';
  return /[.!?]$/.test(message) ? message : `${message}.`;
};

const pointer = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
