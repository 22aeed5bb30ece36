/** Values out of somebody else's JSON: JSON pointers (RFC 6901), and texts with pointers in braces. */
import { cleanLine } from './adapter.ts';

/** What is at the pointer; undefined where nothing is. */
export function at(value: unknown, pointer: string): unknown {
  if (pointer === '') return value;
  if (!pointer.startsWith('/')) return undefined;
  let found = value;
  for (const step of pointer.slice(1).split('/')) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return found;
}

/** By a pointer the value as it is; by a text with `{/pointer}` in it a text, unless all places in it are empty. */
export function taken(value: unknown, source: string): unknown {
  if (source.startsWith('/') && !source.includes('{')) return at(value, source);
  let places = 0;
  let filled = 0;
  const text = source.replace(/\{(\/[^{}]*)\}/g, (_, pointer: string) => {
    const found = cleanLine(spelled(at(value, pointer)), 1000);
    places += 1;
    filled += found === null ? 0 : 1;
    return found ?? '';
  });
  return places && !filled ? undefined : text.trim();
}

const spelled = (value: unknown): unknown => (typeof value === 'boolean' ? String(value) : value);

/** One source, or several put together: all of them must be there. */
export function joined(value: unknown, sources: string | readonly string[]): unknown {
  if (typeof sources === 'string') return taken(value, sources);
  const parts = sources.map((source) => cleanLine(spelled(taken(value, source)), 400));
  return parts.every((part) => part !== null) ? parts.join('/') : undefined;
}
