/** A command's zod input as the fields of a form, and what a person entered back as input. Derived, so that every feature has forms. */
import * as z from 'zod';
import type { Register } from '../shared/kernel/register.ts';
import { areaPath, sha256Name, timestamp, uuid, wordsFor } from '../shared/kernel/schema.ts';

export type Field = {
  readonly key: string;
  readonly label: string;
  readonly help: string;
  readonly isRequired: boolean;
  readonly initial: unknown;
} & FieldKind;

export type FieldKind =
  | { readonly kind: 'line' | 'lines' | 'number' | 'moment' | 'toggle' | 'area' | 'list' | 'files' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** An item of this kind, by its id. */
  | { readonly kind: 'item'; readonly of: string }
  /** Either of several forms: a person or a role. */
  | { readonly kind: 'either'; readonly forms: readonly Field[] }
  | { readonly kind: 'rows'; readonly fields: readonly Field[] };

/** Longer than this is written in more than one line. */
const ONE_LINE = 400;
/** Kept for machines and for those who write commands by hand. */
const HIDDEN = ['occurredAt', 'upstream', 'expectedHead'];

export function fieldsOf(input: z.ZodObject, register: Register): Field[] {
  const fields = Object.entries(input.shape as Record<string, z.ZodType>)
    .filter(([key, schema]) => !HIDDEN.includes(key) && !wordsFor(bare(schema)).byHost)
    .flatMap(([key, schema]) => fieldOf(key, schema, register) ?? []);
  // What is demanded comes first; the reason, which may go with anything, last.
  return fields.sort((a, b) => rank(a) - rank(b));
}

const rank = ({ key, isRequired }: Field): number => (isRequired ? 0 : key === 'reason' ? 2 : 1);

function fieldOf(key: string, schema: z.ZodType, register: Register): Field | undefined {
  const inner = bare(schema);
  const kind = kindOf(key, inner, register);
  if (!kind) return undefined;
  const empty = schema.safeParse(undefined);
  const words = wordsFor(inner);
  const help = words.help ?? schema.meta()?.description ?? inner.meta()?.description ?? '';
  return {
    key,
    label: words.label ?? labelOf(key),
    help,
    isRequired: !empty.success,
    initial: empty.success ? empty.data : undefined,
    ...kind,
  };
}

/** Without optional, default and nullable around it. */
function bare(schema: z.ZodType): z.ZodType {
  const { innerType } = schema._zod.def as unknown as { readonly innerType?: z.ZodType };
  return innerType ? bare(innerType) : schema;
}

const isSame = (schema: z.ZodType, known: z.ZodType): boolean => schema === known || schema._zod.def === known._zod.def;

function kindOf(key: string, schema: z.ZodType, register: Register): FieldKind | undefined {
  if (isSame(schema, areaPath)) return { kind: 'area' };
  if (isSame(schema, timestamp)) return { kind: 'moment' };
  if (isSame(schema, uuid)) return register.byKind.has(key) ? { kind: 'item', of: key } : { kind: 'line' };
  if (schema instanceof z.ZodEnum) return { kind: 'choice', choices: schema.options.map(String) };
  if (schema instanceof z.ZodBoolean) return { kind: 'toggle' };
  if (schema instanceof z.ZodNumber) return { kind: 'number' };
  if (schema instanceof z.ZodString) return { kind: longestOf(schema) > ONE_LINE ? 'lines' : 'line' };
  if (schema instanceof z.ZodUnion) return unionOf(key, schema, register);
  if (schema instanceof z.ZodArray) {
    const element = bare(schema.element as z.ZodType);
    if (isSame(element, sha256Name)) return { kind: 'files' };
    return element instanceof z.ZodObject ? { kind: 'rows', fields: fieldsOf(element, register) } : { kind: 'list' };
  }
  return undefined;
}

function longestOf(schema: z.ZodString): number {
  const limits = (schema._zod.def.checks ?? []).map(
    (check) => (check._zod.def as { readonly maximum?: number }).maximum ?? Infinity,
  );
  return Math.min(Infinity, ...limits);
}

function unionOf(key: string, schema: z.ZodUnion, register: Register): FieldKind | undefined {
  const options = schema.options as readonly z.ZodType[];
  const objects = options.filter((option) => option instanceof z.ZodObject);
  if (objects.length !== options.length) return register.byKind.has(key) ? { kind: 'item', of: key } : { kind: 'line' };
  return { kind: 'either', forms: objects.flatMap((option) => fieldsOf(option, register)) };
}

export const labelOf = (key: string): string => {
  const words = key.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.replace(/^./, (letter) => letter.toUpperCase()).replace(/ at$/, '');
};

/** `in_progress` → `In progress` */
export const wordsOf = (code: string): string =>
  code.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase());

/** What was entered, without what was left empty. */
export function inputOf(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== '' && value !== null),
  );
}
