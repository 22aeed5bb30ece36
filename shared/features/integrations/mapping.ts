/** How an admin says what the fields of somebody else's JSON mean. Data, tried on stored deliveries before it is used. */
import * as z from 'zod';
import { text } from '../../kernel/schema.ts';

/**
 * Where a value comes from: a JSON pointer (RFC 6901) such as `/alarm/tag`, or a text with pointers in braces, `{/line} {/alarm/tag}`. A list
 * is put together with `/` between its parts, for keys that need more than one field.
 */
const source = text(300).meta({ example: '/alarm/text' });
const sources = z.union([source, z.array(source).min(1).max(6)]);
const words = z.array(z.union([text(100), z.number(), z.boolean()])).max(50);

export const mappedKind = z.enum(['active', 'cleared', 'acked', 'info']);

export const mapping = z.strictObject({
  /** Where the list stands, when one message holds several events; every other place is then counted from its items. */
  each: source.optional(),
  title: sources.optional(),
  condition: sources.optional(),
  occurrence: sources.optional(),
  id: sources.optional(),
  state: z
    .strictObject({
      from: source,
      active: words.optional(),
      cleared: words.optional(),
      acked: words.optional(),
      info: words.optional(),
      /** What a word means that stands in no list, or is missing. */
      otherwise: mappedKind.optional(),
    })
    .optional(),
  severity: z
    .union([source, z.strictObject({ from: source, words: z.record(text(60), z.enum(['P1', 'P2', 'P3', 'P4'])) })])
    .optional(),
  class: source.optional(),
  area: sources.optional(),
  equipment: sources.optional(),
  at: source.optional(),
  text: source.optional(),
  value: source.optional(),
  unit: source.optional(),
  link: source.optional(),
  /** Of CloudEvents: type, or the beginning of one with `.*`, and what it says. */
  types: z.record(text(200), mappedKind).optional(),
});
export type Mapping = z.output<typeof mapping>;
