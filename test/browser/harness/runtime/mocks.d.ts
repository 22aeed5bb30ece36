/** Files of obsidian-test-mocks that its package does not export; bundle.ts resolves the prefix. */
declare module 'mocks:obsidian/index' {
  const all: Record<string, unknown>;
  export = all;
}
declare module 'mocks:globals/setup' {
  export function setup(): void;
}
declare module 'mocks:internal/markdown-parser' {
  export function parseMarkdownContent(text: string): object;
}
declare module 'mocks:obsidian/BooleanValue' {
  export { BooleanValue } from 'obsidian';
}
declare module 'mocks:obsidian/ListValue' {
  import type { NotNullValue, Value } from 'obsidian';
  export const ListValue: new (value: Value[]) => NotNullValue & { values__: Value[] };
}
declare module 'mocks:obsidian/NullValue' {
  export { NullValue } from 'obsidian';
}
declare module 'mocks:obsidian/NumberValue' {
  export { NumberValue } from 'obsidian';
}
declare module 'mocks:obsidian/StringValue' {
  export { StringValue } from 'obsidian';
}
