/** Who gets what: the words that a token and a pairing code have in common. */
import { requireData } from './order.ts';
import { UsageError } from './usage.ts';

export const GRANT = {
  org: { type: 'string' },
  role: { type: 'string' },
  user: { type: 'string' },
  area: { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const;

export interface GrantWords {
  readonly org?: string | undefined;
  readonly role?: string | undefined;
  readonly user?: string | undefined;
  readonly area?: string[] | undefined;
}

/** Throws a UsageError where no role is said, and an AskError where there is no ledger. */
export function grantOf({ org, role, user, area = [] }: GrantWords) {
  if (!role) throw new UsageError('Say which role with --role.');
  requireData();
  return { org, role, user, areas: area };
}
