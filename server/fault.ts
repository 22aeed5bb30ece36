/** What a thrown error is to the caller. Its detail stays in the log. */
import { refuse, type Refusal } from '../shared/kernel/refusal.ts';

/** The disk is full or broken, or we are leaving: come again, nothing was recorded. */
const PASSING = /^SQLITE_(?:FULL|IOERR|BUSY|LOCKED|CANTOPEN|READONLY)/;

export function troubleOf(error: unknown): Refusal {
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: { code?: unknown } };
  const passing =
    [code, cause?.code].some((each) => typeof each === 'string' && PASSING.test(each)) ||
    message === 'The ledger is closed.';
  return passing
    ? refuse('not-ready', 'Nothing was recorded: the server cannot store at the moment. Try again.')
    : refuse(
        'internal',
        'This is a fault of the server. Try again, and tell an admin the request id if it comes back.',
      );
}
