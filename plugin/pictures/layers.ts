/** Which row of a picture each item stands in: below everything that led to it. What goes round in a circle is cut where it closes. */

export interface Tie {
  readonly from: string;
  readonly to: string;
  /** `caused` */
  readonly how: string;
}

export function layersOf(keys: readonly string[], ties: readonly Tie[]): readonly (readonly string[])[] {
  const parents = new Map(keys.map((key) => [key, ties.filter(({ to }) => to === key).map(({ from }) => from)]));
  const depths = new Map<string, number>();
  const open = new Set<string>();
  const depthOf = (key: string): number => {
    const known = depths.get(key);
    if (known !== undefined) return known;
    open.add(key);
    const above = (parents.get(key) ?? []).filter((one) => parents.has(one) && !open.has(one));
    const depth = Math.max(-1, ...above.map(depthOf)) + 1;
    open.delete(key);
    depths.set(key, depth);
    return depth;
  };
  const layers: string[][] = [];
  for (const key of keys) (layers[depthOf(key)] ??= []).push(key);
  const placeOf = new Map<string, number>();
  return layers.map((layer) => {
    // Under its parents, so that few lines cross.
    const middle = (key: string): number => {
      const places = (parents.get(key) ?? []).flatMap((one) => placeOf.get(one) ?? []);
      return places.reduce((sum, place) => sum + place, 0) / (places.length || 1);
    };
    const row = layer.map((key) => [key, middle(key)] as const).sort(([, a], [, b]) => a - b);
    row.forEach(([key], at) => placeOf.set(key, at - (row.length - 1) / 2));
    return row.map(([key]) => key);
  });
}
