/** Frontmatter as the app treats it: read as YAML, written back whole, so comments and quoting do not survive an edit. */
import { parseYaml, stringifyYaml } from './functions.ts';

export interface FrontMatterInfo {
  exists: boolean;
  frontmatter: string;
  from: number;
  to: number;
  contentStart: number;
}

export function getFrontMatterInfo(text: string): FrontMatterInfo {
  const match = /^---[ \t]*(\r?\n)([\s\S]*?)(?:^|\r?\n)---[ \t]*(\r?\n|$)/m.exec(text);
  if (!match || match.index !== 0) return { exists: false, frontmatter: '', from: 0, to: 0, contentStart: 0 };
  const from = text.indexOf('\n') + 1;
  const frontmatter = match[2] ?? '';
  return { exists: true, frontmatter, from, to: from + frontmatter.length, contentStart: match[0].length };
}

export type Properties = Record<string, unknown>;

export class YAMLParseError extends Error {
  override name = 'YAMLParseError';
}

export function readProperties(text: string): Properties | null {
  const info = getFrontMatterInfo(text);
  if (!info.exists) return null;
  try {
    const parsed = parseYaml(info.frontmatter);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Properties) : {};
  } catch (error) {
    throw new YAMLParseError(error instanceof Error ? error.message : String(error));
  }
}

export function changeProperties(text: string, change: (properties: Properties) => void): string {
  const properties = readProperties(text) ?? {};
  const before = JSON.stringify(properties);
  change(properties);
  if (JSON.stringify(properties) === before) return text;
  const info = getFrontMatterInfo(text);
  const rest = text.slice(info.contentStart);
  if (Object.keys(properties).length === 0) return rest;
  return `---\n${stringifyYaml(properties)}---\n${rest}`;
}
