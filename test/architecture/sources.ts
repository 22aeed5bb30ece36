/** The house as a checker sees it: files with their syntax trees and what they import. From the disk, or from a fixture. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

export interface Import {
  /** As written, or for a relative one the path from the project's root. */
  readonly to: string;
  readonly isRelative: boolean;
  readonly isTypeOnly: boolean;
}

export interface Source {
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly tree: ts.SourceFile;
}

const ROOT = new URL('../../', import.meta.url).pathname;

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** All TypeScript below these folders. */
export const readSources = (...folders: readonly string[]): Source[] =>
  folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
      .map((path) => sourceOf(join(folder, path), readText(join(folder, path)))),
  );

/** A fixture holds several files, each after a line `=== path`; one that the rule must accuse has `!` behind its path. */
export function readFixture(name: string): { sources: Source[]; guilty: string[] } {
  const [, ...parts] = readText(`test/architecture/fixtures/${name}.txt`).split(/^=== /m);
  const guilty: string[] = [];
  const sources = parts.map((part) => {
    const [, path, mark, text] = /^(\S+)( !)?\n([^]*)$/.exec(part)!;
    if (mark) guilty.push(path!);
    return sourceOf(path!, text!);
  });
  return { sources, guilty };
}

export function sourceOf(path: string, text: string): Source {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const add = (written: string, isTypeOnly: boolean) => {
    const isRelative = written.startsWith('.');
    imports.push({ to: isRelative ? normalize(join(dirname(path), written)) : written, isRelative, isTypeOnly });
  };
  visit(tree, (node) => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier))
      add(node.moduleSpecifier.text, isErased(node.importClause));
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier))
      add(node.moduleSpecifier.text, node.isTypeOnly);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [first] = node.arguments;
      if (first && ts.isStringLiteral(first)) add(first.text, false);
    } else if (
      ts.isImportTypeNode(node) &&
      ts.isLiteralTypeNode(node.argument) &&
      ts.isStringLiteral(node.argument.literal)
    )
      add(node.argument.literal.text, true);
  });
  return { path, lines: text.split('\n').length - 1, imports, tree };
}

/** `import type …`, or every name in it is a type. */
function isErased(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return !clause.name && !!named && ts.isNamedImports(named) && named.elements.every(({ isTypeOnly }) => isTypeOnly);
}

export function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

/** The first sentence of each test and group: what it says it shows. */
export function titlesOf({ tree }: Source): string[] {
  const titles: string[] = [];
  visit(tree, (node) => {
    if (!ts.isCallExpression(node) || !/^(?:test|it|describe)\b/.test(node.expression.getText(tree))) return;
    const [title] = node.arguments;
    if (title && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) titles.push(title.getText(tree));
  });
  return titles;
}
