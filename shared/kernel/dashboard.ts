/** Which tables over its notes a feature offers: views of Obsidian's Bases, in the words of its own properties. */

/** Whose things "mine" shows. */
export interface Mine {
  readonly name: string;
  readonly role: string | null;
}

export interface View {
  readonly name: string;
  /** Statements that all hold for what it shows. */
  readonly filters: readonly string[];
  /** Columns. */
  readonly order: readonly string[];
  readonly sort: readonly (readonly [property: string, direction: 'ASC' | 'DESC'])[];
  readonly groupBy?: string;
  /** Cards in columns, which only our plugin draws: by which property, and which of its values come first. */
  readonly board?: { readonly by: string; readonly first: readonly string[] };
}

export interface Dashboard {
  /** Name of the file. */
  readonly title: string;
  /** What all of its views are about. */
  readonly filter: string;
  readonly views: (mine: Mine) => readonly View[];
}

/** Notes with one of these tags. */
export const tagged = (...tags: readonly string[]): string =>
  `file.hasTag(${tags.map((tag) => JSON.stringify(tag)).join(', ')})`;
