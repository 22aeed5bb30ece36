/** One page of what was asked for, read by JSON pointers (RFC 6901). Pure. */
import type { PullFrom } from '../../../shared/kernel/connection.ts';
import { isObject } from '../adapter.ts';

const MOST_ITEMS = 1000;

export interface Page {
  readonly items: readonly unknown[];
  /** To ask for what comes after; null where the page names nothing. */
  readonly next: string | null;
}

export type PageRead = Page | { readonly problem: string };

export function pageOf(body: string, from: Pick<PullFrom, 'itemsPointer' | 'nextCursorPointer'>): PageRead {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { problem: 'The answer is not JSON.' };
  }
  const items = at(value, from.itemsPointer);
  if (!Array.isArray(items))
    return { problem: `The answer has no list at "${from.itemsPointer}". Correct itemsPointer.` };
  if (items.length > MOST_ITEMS)
    return { problem: `The page has ${items.length} items; at most ${MOST_ITEMS} are taken. Ask for smaller pages.` };
  const next = from.nextCursorPointer === null ? null : at(value, from.nextCursorPointer);
  const isCursor = (typeof next === 'string' && next !== '' && next.length <= 1000) || typeof next === 'number';
  return { items: items as unknown[], next: isCursor ? String(next) : null };
}

export function at(value: unknown, pointer: string): unknown {
  let here = value;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(here)) here = /^(?:0|[1-9]\d*)$/.test(key) ? (here[Number(key)] as unknown) : undefined;
    else here = isObject(here) && Object.hasOwn(here, key) ? here[key] : undefined;
  }
  return here;
}

export function addressOf({ url, cursorParam }: Pick<PullFrom, 'url' | 'cursorParam'>, cursor: string | null): string {
  if (cursor === null || cursorParam === null) return url;
  const address = new URL(url);
  address.searchParams.set(cursorParam, cursor);
  return address.href;
}
