/** A picture as a tree of SVG elements, before any screen knows it. Colours are the theme's: classes and nothing else say which. */
export interface Shape {
  readonly tag: 'svg' | 'g' | 'rect' | 'path' | 'text' | 'tspan' | 'title' | 'desc';
  readonly attrs: Readonly<Record<string, string | number>>;
  readonly parts: readonly (Shape | string)[];
  /** Pressed, it opens the note of this item. */
  readonly opens?: string;
}

type Attrs = Shape['attrs'];

export const shape = (tag: Shape['tag'], attrs: Attrs, ...parts: readonly (Shape | string)[]): Shape => ({
  tag,
  attrs,
  parts,
});

/** Centred, so that names in either direction of writing stand where they should. */
export const words = (x: number, y: number, kind: string, text: string): Shape =>
  shape('text', { x, y, class: kind, 'text-anchor': 'middle', 'unicode-bidi': 'plaintext' }, text);

export const wordsFrom = (x: number, y: number, kind: string, text: string): Shape =>
  shape('text', { x, y, class: kind }, text);

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** What takes the room of two letters: East Asian scripts and pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\p{Extended_Pictographic}]/u;

const widthOf = (text: string): number => {
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
};

/** Less room than this at the end of a line is not worth a part of a word. */
const WORTH = 6;

/** In lines of so many letters; a word that is longer than a line is broken, and what does not fit into the last line is cut. */
export function wrapped(text: string, width: number, most: number): readonly string[] {
  const lines = [''];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const line = lines.at(-1)!;
    const room = line ? width - widthOf(line) - 1 : width;
    const isLong = widthOf(word) > width;
    if (line && (isLong ? room < WORTH : widthOf(word) > room)) lines.push(...pieces(word, width, width));
    else {
      const [first = '', ...more] = pieces(word, width, room);
      lines[lines.length - 1] = line ? `${line} ${first}` : first;
      lines.push(...more);
    }
  }
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `${pieces(lines[most - 1]!, width - 1, width - 1)[0]!}…`];
}

/** `first`: the room that the first one has. */
function pieces(word: string, width: number, first: number): readonly string[] {
  const found: string[] = [''];
  let room = first;
  for (const { segment } of segmenter.segment(word)) {
    const wide = widthOf(segment);
    if (wide > room && found.at(-1)) {
      found.push('');
      room = width;
    }
    found[found.length - 1] += segment;
    room -= wide;
  }
  return found;
}
