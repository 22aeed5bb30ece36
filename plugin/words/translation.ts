/** What another language would bring. */
import type * as english from './index.ts';

/** The same sentences in any language: what takes no values is a text, what takes some takes the same. */
type Said<T> = T extends string
  ? string
  : T extends (...values: infer Values) => string
    ? (...values: Values) => string
    : T extends readonly string[]
      ? readonly string[]
      : { readonly [Key in keyof T]: Said<T[Key]> };

/** What a translation is: where it lacks a sentence it does not compile. */
export type Words = Said<typeof english>;
