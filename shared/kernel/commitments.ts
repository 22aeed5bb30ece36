/** Erasable fields of a body: in the leaf stands a commitment, beside it lie salt and value. */
import { commitment, type Disclosure } from '../proof/leaf.ts';
import type { Json } from './canonical.ts';
import { hex } from './bytes.ts';
import type { Path } from './schema.ts';

type Body = { [key: string]: unknown };

/** A copy of the body with every erasable value replaced, and what is needed to show the values again. `random(32)` gives each salt. */
export function commitBody(
  seq: number,
  body: Readonly<Body>,
  paths: readonly Path[],
  random: (length: number) => Uint8Array,
): { committed: Json; disclosures: Disclosure[] } {
  const disclosures: Disclosure[] = [];
  const committed: Body = { ...body };
  for (const path of paths) replace(committed, path, 0, '');
  return { committed: committed as Json, disclosures };

  function replace(holder: Body, path: Path, depth: number, pointer: string): void {
    const step = path[depth]!;
    for (const key of step === '*' ? Object.keys(holder) : [step]) {
      const value = holder[key];
      if (value === undefined || value === null) continue;
      const here = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (depth === path.length - 1) {
        const salt = random(32);
        disclosures.push({ seq, path: here, salt: hex(salt), value: value as Json });
        holder[key] = { $commit: commitment(salt, value as Json) };
      } else if (typeof value === 'object') {
        const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Body;
        holder[key] = copy;
        replace(copy, path, depth + 1, here);
      }
    }
  }
}
