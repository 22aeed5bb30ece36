/** What Obsidian's public typings promise: the names of the module, and the members of each class with those it inherits. */
import { createRequire } from 'node:module';
import ts from 'typescript';

export interface Promised {
  /** Names that exist at run time: classes, functions, constants. */
  readonly values: readonly string[];
  readonly members: ReadonlyMap<string, readonly string[]>;
  /** Those that a class itself must have; the abstract and optional ones are left to plugins. */
  readonly methods: ReadonlyMap<string, readonly string[]>;
}

export function promisedByTypings(): Promised {
  const file = createRequire(import.meta.url)
    .resolve('obsidian/package.json')
    .replace('package.json', 'obsidian.d.ts');
  const program = ts.createProgram([file], { skipLibCheck: true, noResolve: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${file} is no module`);
  const exported = checker.getExportsOfModule(module).filter((symbol) => (symbol.flags & ts.SymbolFlags.Value) !== 0);
  const classes = exported.filter((symbol) => (symbol.flags & ts.SymbolFlags.Class) !== 0);
  const namesByClass = (keep: (member: ts.Symbol) => boolean) =>
    new Map(
      classes.map((symbol) => {
        const members = checker.getDeclaredTypeOfSymbol(symbol).getProperties();
        return [
          symbol.name,
          members.filter((member) => !has(member, ts.ModifierFlags.Private) && keep(member)).map(({ name }) => name),
        ];
      }),
    );
  return {
    values: exported.map((symbol) => symbol.name).sort(),
    members: namesByClass(() => true),
    methods: namesByClass(
      (member) =>
        (member.flags & ts.SymbolFlags.Method) !== 0 &&
        (member.flags & ts.SymbolFlags.Optional) === 0 &&
        !has(member, ts.ModifierFlags.Abstract),
    ),
  };
}

const has = (symbol: ts.Symbol, flag: ts.ModifierFlags): boolean =>
  (symbol.declarations ?? []).some((declaration) => (ts.getCombinedModifierFlags(declaration) & flag) !== 0);
