/** Words of the wire that every feature uses, and the mark for what may be erased later. */
import * as z from 'zod';
import { UUID } from './ids.ts';

// Control characters could forge a line in a seal or a log; tab and line feed are ordinary writing.
const CONTROL = /[^\P{Cc}\t\n]/gu;
export const replaceControls = (text: string, by: string): string => text.replace(CONTROL, by);

/** Text that people or machines wrote: well-formed Unicode without control characters, at most `max` UTF-16 units. */
export const text = (max: number, min = 1) =>
  z
    .string()
    .max(max, `At most ${max} characters.`)
    .refine((value) => value.trim().length >= min, {
      message: min === 1 ? 'Say something here: this may not be empty.' : `At least ${min} characters.`,
    })
    .refine((value) => value.isWellFormed() && value.search(CONTROL) < 0, {
      message: 'Holds a control character or a broken (lone surrogate) character; remove it.',
    });

/** What a form says of a field: a label that is not the field's name, words for people where the description is for whoever reads the API. */
export interface Asked {
  readonly label?: string;
  readonly help?: string;
  /** The host knows it; nobody is asked. */
  readonly byHost?: true;
}
const inForms = z.registry<Asked>();
export const wordsFor = (schema: z.ZodType): Asked => inForms.get(schema) ?? {};

/** The same schema with words of its own in forms. */
export function asked<T extends z.ZodType>(schema: T, words: Asked): T {
  const own = schema.clone();
  inForms.add(own, words);
  return own;
}

/** One line of text. */
export const line = (max: number) =>
  text(max).refine((value) => !/[\n\t\u2028\u2029]/.test(value), { message: 'Must be one line.' });

/**
 * Marks free text and names. In the leaf a SHA-256 commitment stands in their place; the words themselves lie in an erasable table,
 * so that a lawful erasure leaves every proof valid.
 */
export const erasable = <T extends z.ZodType>(schema: T): T => schema.meta({ ...schema.meta(), erasable: true });

export const uuid = z.string().regex(UUID, 'Must be a UUID in lower case.');
export const sha256Name = z.string().regex(/^[0-9a-f]{64}$/, 'Must be a SHA-256 in lower-case hex.');
export const slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'Must be a slug: a–z, 0–9 and inner hyphens, at most 64.');
export const areaPath = z
  .string()
  .max(200)
  .regex(
    /^[a-z0-9][a-z0-9-]*(?:\/[a-z0-9][a-z0-9-]*){0,7}$/,
    'Must be small letters, digits and hyphens, with a slash between places, such as leeds/packaging/line-3.',
  )
  .meta({ description: 'A path of slugs, `leeds/packaging/line-3`', example: 'leeds/packaging' });
inForms.add(areaPath, { help: 'From the plant to the place, with a slash between them: leeds/packaging' });

/** Times that RFC 3339 can write in UTC, with room for what rules add to them. */
export const isWritable = (milliseconds: number): boolean => milliseconds >= FIRST_TIME && milliseconds < LAST_TIME;
const FIRST_TIME = Date.UTC(1900, 0);
const LAST_TIME = Date.UTC(9000, 0);

/** RFC 3339 with a zone; recorded as UTC with milliseconds. */
export const timestamp = z.iso
  .datetime({ offset: true })
  .refine((value) => isWritable(Date.parse(value)), { message: 'Not a date that exists between 1900 and 9000.' })
  .transform((value) => utc(Date.parse(value)))
  .meta({ example: '2026-11-21T06:00:00Z' });

// Not the clock: only a spelling of the number that was given.
export function utc(milliseconds: number): string {
  if (milliseconds !== lastSpelled.milliseconds)
    lastSpelled = { milliseconds, text: new Date(milliseconds).toISOString() };
  return lastSpelled.text;
}

// A batch asks for the same millisecond again and again.
let lastSpelled = { milliseconds: 0, text: new Date(0).toISOString() };

/** A path into a value; `*` stands for any key or index. */
export type Path = readonly string[];

interface Def {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly in?: z.ZodType;
}

/** The paths of all erasable fields of a schema. */
export function erasablePaths(schema: z.ZodType, at: Path = []): Path[] {
  if (schema.meta()?.['erasable']) return [at];
  const def = schema._zod.def as unknown as Def;
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([key, member]) =>
      erasablePaths(member, [...at, key]),
    );
  }
  if (def.element) return erasablePaths(def.element, [...at, '*']);
  if (def.valueType) return erasablePaths(def.valueType, [...at, '*']);
  if (def.options) return def.options.flatMap((option) => erasablePaths(option, at));
  const inner = def.innerType ?? def.in;
  return inner ? erasablePaths(inner, at) : [];
}
