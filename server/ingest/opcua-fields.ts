/**
 * The fields of an OPC UA event as PubSub JSON writes them (OPC 10000-6 and -14): paths with or without namespaces, values bare or wrapped
 * as DataValue and Variant, localised texts, 64-bit numbers as text, node ids as text or as objects.
 */
import { cleanLine, isObject, type Loose } from './adapter.ts';
import { wholeNumber } from './times.ts';

export interface Fields {
  readonly has: (path: string) => boolean;
  readonly value: (path: string) => unknown;
  readonly text: (path: string, max?: number) => string | null;
  readonly flag: (path: string) => boolean | undefined;
  readonly number: (path: string) => number | null;
  readonly node: (path: string) => string | null;
}

/** `ActiveState/Id`, `0:ActiveState/0:Id` and `ActiveState.Id` are one path; one level of nesting is taken apart. */
export function fieldsOf(payload: Loose): Fields {
  const byPath = new Map<string, unknown>();
  for (const [name, wrapped] of Object.entries(payload).slice(0, 200)) {
    const path = name.replace(/(^|[/.])\d+:/g, '$1').replaceAll('.', '/');
    const value = bare(wrapped);
    byPath.set(path, value);
    if (isObject(value))
      for (const [inner, member] of Object.entries(value).slice(0, 20))
        if (!byPath.has(`${path}/${inner}`)) byPath.set(`${path}/${inner}`, bare(member));
  }
  const value = (path: string): unknown => byPath.get(path);
  const text = (path: string, max = 300) => {
    const said = value(path);
    return cleanLine(isObject(said) ? said['Text'] : said, max);
  };
  return {
    has: (path) => value(path) !== undefined && value(path) !== null,
    value,
    text,
    flag: (path) => flagOf(value(path)) ?? flagOf(text(path)?.toLowerCase()),
    number: (path) => wholeNumber(value(path)),
    node: (path) => nodeId(value(path)),
  };
}

/** Out of a DataValue (`{Value, SourceTimestamp}`) and of a Variant (`{Type, Body}`, `{UaType, Value}`). */
function bare(value: unknown): unknown {
  let out = value;
  for (let depth = 0; depth < 3 && isObject(out); depth++) {
    if ('Body' in out && 'Type' in out) out = out['Body'];
    else if ('Value' in out) out = out['Value'];
    else return out;
  }
  return out;
}

const flagOf = (value: unknown): boolean | undefined =>
  value === true || value === 1 || value === 'true'
    ? true
    : value === false || value === 0 || value === 'false'
      ? false
      : undefined;

/** `ns=2;s=Line3.TT3204`, whether it came so or as its parts. */
function nodeId(value: unknown): string | null {
  if (!isObject(value)) return cleanLine(value, 1000);
  const id = cleanLine(value['Id'], 1000);
  const kind = ['i', 's', 'g', 'b'][wholeNumber(value['IdType'] ?? 0) ?? 0];
  const space = cleanLine(value['Namespace'], 300);
  if (!id || !kind) return null;
  return `${space === null || space === '0' ? '' : /^\d+$/.test(space) ? `ns=${space};` : `nsu=${space};`}${kind}=${id}`;
}
