/** A token that is offered: its person brings the code, once and soon, and gets a secret for it. */
import type { Fact } from '../../kernel/event.ts';
import type { Offered } from '../../kernel/feature.ts';
import { refuse, type Refusal } from '../../kernel/refusal.ts';
import { utc } from '../../kernel/schema.ts';
import { CODE_MINUTES, type TokenState } from './contract.ts';

const MINUTE = 60_000;

export const offeredUntil = (now: string): string => utc(Date.parse(now) + CODE_MINUTES * MINUTE);

/** The row that its code finds; there it stays, so that whoever holds a used code is told so. */
export const codesOf = (token: string, { offer, user, role, areas }: TokenState): { key: string; value: Offered }[] =>
  offer ? [{ key: offer.codeHash, value: { stream: token, user, role, areas } }] : [];

/** Whether it waits for its person and has no secret yet. */
export const isWaiting = ({ offer }: TokenState): boolean => offer !== null && offer.redeemedAt === null;

export function redeemed(
  state: TokenState,
  { now, hash, device }: { readonly now: string; readonly hash: string | undefined; readonly device: string | null },
): readonly Fact[] | Refusal {
  const { offer, revoked } = state;
  if (!offer) return refuse('not-found', 'This token was made without a pairing code.');
  if (!isWaiting(state))
    return refuse('code-used', 'This pairing code was used already. Ask for a new one; each works once.');
  if (revoked) return refuse('gone', 'This pairing code was withdrawn. Ask for a new one.');
  if (offer.until <= now)
    return refuse(
      'code-expired',
      `This pairing code has expired: it works for ${CODE_MINUTES} minutes. Ask for a new one.`,
    );
  return [{ type: 'token.redeemed', body: { hash, device } }];
}
