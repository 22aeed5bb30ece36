/** A picture as a phone takes it: a PNG that browsers show, different each time, about 180 KB. */
import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import type { Picked } from './forms.ts';

const WIDTH = 320;
const HEIGHT = 240;

export function aPhoto(name = 'photo.png'): Picked {
  const tint = randomBytes(3);
  const noise = randomBytes(WIDTH * HEIGHT * 3);
  const rows = Buffer.alloc(HEIGHT * (1 + WIDTH * 3));
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      for (let c = 0; c < 3; c++) {
        const at = (y * WIDTH + x) * 3 + c;
        const shade = Math.hypot(x - WIDTH / 2, y - HEIGHT / 2) < 80 ? 96 : 0;
        rows[y * (1 + WIDTH * 3) + 1 + x * 3 + c] = (tint[c]! >> 1) + shade + (noise[at]! >> 4);
      }
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const bytes = Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return { name, type: 'image/png', bytes };
}

function chunk(type: string, data: Buffer): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}
