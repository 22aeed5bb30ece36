/** The orders of one delivery, as commands of its batch and as results of its answer. */
import { type Order, orderStream } from '../../shared/features/orders/contract.ts';
import type { Command, Outcome } from '../../shared/kernel/command.ts';
import type { Subject } from '../../shared/kernel/event.ts';

export interface OrderResult {
  readonly order: string;
  readonly orderId: string;
  readonly kind: Order['kind'];
  readonly status: 'accepted' | 'duplicate' | 'ignored';
  readonly why?: string;
}

type Make = (type: string, subject: Subject, input: unknown, more: Partial<Command>) => Command;

/** `make` gives a command its id and its caller. */
export function receiveOrders(
  at: { readonly org: string; readonly integration: string; readonly delivery: string },
  orders: readonly Order[],
  make: Make,
): readonly Command[] {
  const { org, integration, delivery } = at;
  return orders.map((order) =>
    make(
      'orders.receive',
      { kind: 'order', id: orderStream(org, integration, order.orderId) },
      { integration, delivery, order },
      { occurredAt: order.at },
    ),
  );
}

export const orderResults = (
  orders: readonly Order[],
  commands: readonly Command[],
  outcomes: readonly Outcome[],
): readonly OrderResult[] =>
  orders.map(({ orderId, kind }, i): OrderResult => {
    const outcome = outcomes[i]!;
    const told = { order: commands[i]!.subject.id, orderId, kind };
    if (outcome.outcome === 'rejected') return { ...told, status: 'ignored', why: outcome.refusal.detail };
    return { ...told, status: outcome.seqs.length ? 'accepted' : 'duplicate' };
  });
