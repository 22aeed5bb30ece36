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
