/** Import cycles: every file that can reach itself (strongly connected components, after Tarjan). */
import type { Source } from './sources.ts';

export function cyclesIn(sources: readonly Source[]): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[] = [];

  const walk = (path: string): void => {
    order.set(path, order.size);
    low.set(path, order.get(path)!);
    stack.push(path);
    for (const { to } of byPath.get(path)!.imports) {
      if (!byPath.has(to)) continue;
      if (!order.has(to)) {
        walk(to);
        low.set(path, Math.min(low.get(path)!, low.get(to)!));
      } else if (stack.includes(to)) low.set(path, Math.min(low.get(path)!, order.get(to)!));
    }
    if (low.get(path) !== order.get(path)) return;
    const knot = stack.splice(stack.indexOf(path));
    const importsItself = byPath.get(path)!.imports.some(({ to }) => to === path);
    if (knot.length > 1 || importsItself)
      for (const one of knot)
        found.push(`${one} is in a cycle with ${knot.filter((other) => other !== one).join(', ')}`);
  };
  for (const path of byPath.keys()) if (!order.has(path)) walk(path);
  return found;
}
