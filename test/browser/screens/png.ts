/** Pictures small enough for a repository: PNGs read, set side by side, and written with a palette of at most 256 colours. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** Three bytes for each dot, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly dots: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** As browsers write them: 8 bits, true colour, with or without alpha (which is left out), not interlaced. */
export function readPng(png: Buffer): Picture {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const [depth, kind, , , interlaced] = png.subarray(24, 29);
  if (depth !== 8 || (kind !== 2 && kind !== 6) || interlaced)
    throw new Error('This is not a PNG as browsers write it.');
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const each = kind === 6 ? 4 : 3;
  const rows = unfiltered(inflateSync(Buffer.concat(parts)), width * each, height, each);
  const dots = new Uint8Array(width * height * 3);
  for (let dot = 0; dot < width * height; dot++) dots.set(rows.subarray(dot * each, dot * each + 3), dot * 3);
  return { width, height, dots };
}

function unfiltered(raw: Buffer, stride: number, height: number, each: number): Uint8Array {
  const rows = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const here = y * stride + x;
      const left = x < each ? 0 : rows[here - each]!;
      const up = y === 0 ? 0 : rows[here - stride]!;
      const corner = x < each || y === 0 ? 0 : rows[here - stride - each]!;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]!;
      rows[here] = raw[y * (stride + 1) + 1 + x]! + guess;
    }
  }
  return rows;
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** Beside each other, or one below the other, with a gap of grey. */
export function joined(pictures: readonly Picture[], way: 'across' | 'down', gap = 8): Picture {
  const sum = (of: readonly number[]): number => of.reduce((all, one) => all + one, gap * (of.length - 1));
  const [widths, heights] = [pictures.map((one) => one.width), pictures.map((one) => one.height)];
  const [width, height] = way === 'across' ? [sum(widths), Math.max(...heights)] : [Math.max(...widths), sum(heights)];
  const dots = new Uint8Array(width * height * 3).fill(128);
  let from = 0;
  for (const one of pictures) {
    const [left, top] = way === 'across' ? [from, 0] : [0, from];
    for (let y = 0; y < one.height; y++)
      dots.set(one.dots.subarray(y * one.width * 3, (y + 1) * one.width * 3), ((top + y) * width + left) * 3);
    from += (way === 'across' ? one.width : one.height) + gap;
  }
  return { width, height, dots };
}

export function writePng({ width, height, dots }: Picture): Buffer {
  const { palette, placeOf } = paletteOf(dots);
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = placeOf(colourAt(dots, y * width + x));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const colourAt = (dots: Uint8Array, dot: number): number =>
  (dots[dot * 3]! << 16) | (dots[dot * 3 + 1]! << 8) | dots[dot * 3 + 2]!;

/** First one of every kind, so that a small coloured mark keeps its colour; then those that are used most. Every other one becomes its nearest. */
function paletteOf(dots: Uint8Array) {
  const uses = new Map<number, number>();
  for (let dot = 0; dot < dots.length / 3; dot++) {
    const colour = colourAt(dots, dot);
    uses.set(colour, (uses.get(colour) ?? 0) + 1);
  }
  const wanted = [...uses].sort(([a, x], [b, y]) => y - x || a - b).map(([colour]) => colour);
  const palette: number[] = [];
  for (const isClose of wanted.length > 256 ? [3000, 24] : [0])
    for (const colour of wanted)
      if (palette.length < 256 && palette.every((known) => distance(known, colour) >= isClose)) palette.push(colour);
  const places = new Map(palette.map((colour, place) => [colour, place]));
  const placeOf = (colour: number): number => {
    const known = places.get(colour);
    if (known !== undefined) return known;
    let best = 0;
    for (let place = 1; place < palette.length; place++)
      if (distance(palette[place]!, colour) < distance(palette[best]!, colour)) best = place;
    places.set(colour, best);
    return best;
  };
  return { palette, placeOf };
}

function distance(a: number, b: number): number {
  const [red, green, blue] = [16, 8, 0].map((bits) => ((a >> bits) & 255) - ((b >> bits) & 255)) as [
    number,
    number,
    number,
  ];
  return 3 * red * red + 6 * green * green + blue * blue;
}

function chunk(type: string, data: Buffer): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}
