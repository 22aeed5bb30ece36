/** Three-way merge of lines; where both sides changed the same lines, both stay: the disk's first, then the typed ones. */

export function mergeText(base: string, mine: string, disk: string): string {
  const [b, m, d] = [base, mine, disk].map((text) => text.split('\n')) as [string[], string[], string[]];
  const [inMine, inDisk] = [matches(b, m), matches(b, d)];
  const out: string[] = [];
  let [bAt, mAt, dAt] = [0, 0, 0];
  while (bAt <= b.length) {
    let next = bAt;
    while (next < b.length && !(inMine.has(next) && inDisk.has(next))) next += 1;
    const [mEnd, dEnd] = [inMine.get(next) ?? m.length, inDisk.get(next) ?? d.length];
    out.push(...hunk(b.slice(bAt, next), m.slice(mAt, mEnd), d.slice(dAt, dEnd)));
    if (next < b.length) out.push(b[next] as string);
    [bAt, mAt, dAt] = [next + 1, mEnd + 1, dEnd + 1];
  }
  return out.join('\n');
}

function hunk(base: string[], mine: string[], disk: string[]): string[] {
  const [b, m, d] = [base, mine, disk].map((lines) => lines.join('\n'));
  if (m === d || d === b) return mine;
  if (m === b) return disk;
  return [...disk, ...mine.filter((line) => !base.includes(line) && !disk.includes(line))];
}

/** Longest common subsequence: base line → line of the other text. Common ends are cut first, so notes stay cheap. */
function matches(base: string[], other: string[]): Map<number, number> {
  const found = new Map<number, number>();
  let start = 0;
  while (start < base.length && start < other.length && base[start] === other[start]) found.set(start, start++);
  let [bEnd, oEnd] = [base.length, other.length];
  while (bEnd > start && oEnd > start && base[bEnd - 1] === other[oEnd - 1]) found.set(--bEnd, --oEnd);
  const width = oEnd - start + 1;
  const lengths = new Uint16Array((bEnd - start + 1) * width);
  const at = (b: number, o: number) => (b - start) * width + (o - start);
  for (let b = bEnd - 1; b >= start; b--)
    for (let o = oEnd - 1; o >= start; o--)
      lengths[at(b, o)] =
        base[b] === other[o]
          ? (lengths[at(b + 1, o + 1)] ?? 0) + 1
          : Math.max(lengths[at(b + 1, o)] ?? 0, lengths[at(b, o + 1)] ?? 0);
  for (let b = start, o = start; b < bEnd && o < oEnd;) {
    if (base[b] === other[o]) found.set(b++, o++);
    else if ((lengths[at(b + 1, o)] ?? 0) >= (lengths[at(b, o + 1)] ?? 0)) b += 1;
    else o += 1;
  }
  return found;
}
