/** The pictures of the documentation: read as a browser wrote them, set side by side, and small without looking different. */
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { aPhoto } from '../browser/harness/photo.ts';
import { joined, readPng, writePng, type Picture } from '../browser/screens/png.ts';

/** Reads what `writePng` writes: one palette, one chunk of rows without a filter. */
function readBack(png: Buffer): Picture {
  const parts = new Map<string, Buffer>();
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    parts.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const [width, height] = [parts.get('IHDR')!.readUInt32BE(0), parts.get('IHDR')!.readUInt32BE(4)];
  const [rows, palette] = [inflateSync(parts.get('IDAT')!), parts.get('PLTE')!];
  const dots = new Uint8Array(width * height * 3);
  for (let dot = 0; dot < width * height; dot++) {
    const place = rows[dot + Math.floor(dot / width) + 1]!;
    dots.set(palette.subarray(place * 3, place * 3 + 3), dot * 3);
  }
  return { width, height, dots };
}

const plain = (width: number, height: number, colour: readonly number[]): Picture => ({
  ...{ width, height },
  dots: Uint8Array.from({ length: width * height * 3 }, (_, at) => colour[at % 3]!),
});

test('few colours stay what they are, and two pictures stand beside each other or below', () => {
  const both = [plain(2, 3, [255, 0, 0]), plain(4, 1, [0, 9, 255])];
  const across = joined(both, 'across', 1);
  expect([across.width, across.height]).toEqual([7, 3]);
  expect(readBack(writePng(across))).toEqual(across);
  const down = joined(both, 'down', 1);
  expect([down.width, down.height]).toEqual([4, 5]);
  expect([...down.dots.subarray(4 * 3 * 4)]).toEqual([...both[1]!.dots]);
});

test('a photo of many colours is written with 256, none of them far from what it was', () => {
  const photo = readPng(Buffer.from(aPhoto().bytes));
  expect([photo.width, photo.height]).toEqual([320, 240]);
  const small = writePng(photo);
  const back = readBack(small);
  const farthest = back.dots.reduce((most, value, at) => Math.max(most, Math.abs(value - photo.dots[at]!)), 0);
  expect(farthest).toBeLessThanOrEqual(32);
  expect(small.length).toBeLessThan(aPhoto().bytes.length);
});
