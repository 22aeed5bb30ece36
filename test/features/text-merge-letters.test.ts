/** Writing without blanks between words, where a sentence is more than one word all the same. */
import { describe, expect, test } from 'vitest';
import { editsBetween, mergeText } from '../../shared/sync/text-merge.ts';
import { wordsOf } from '../../shared/sync/text-parts.ts';

/** Both devices merge, each calling its own text "ours". */
function both(base: string, one: string, other: string): ReturnType<typeof mergeText> {
  const here = mergeText(base, one, other);
  expect(mergeText(base, other, one)).toEqual(here);
  return here;
}

test.each([
  ['Japanese', '圧力が高いので弁を閉めた。', '圧力が低いので弁を閉めた。', '圧力が高いので弁を開けた。'].concat(
    '圧力が低いので弁を開けた。',
  ),
  ['Chinese', '泵站压力正常，已检查密封。', '泵站压力偏高，已检查密封。', '泵站压力正常，已更换密封。'].concat(
    '泵站压力偏高，已更换密封。',
  ),
  ['Thai', 'ปั๊มหยุดเพราะความร้อนสูง', 'ปั๊มเริ่มเพราะความร้อนสูง', 'ปั๊มหยุดเพราะความร้อนต่ำ', 'ปั๊มเริ่มเพราะความร้อนต่ำ'],
  [
    'with names in it',
    'ポンプA-1を確認した。次はB-2。',
    'ポンプA-3を確認した。次はB-2。',
    'ポンプA-1を確認した。次はB-4。',
  ].concat('ポンプA-3を確認した。次はB-4。'),
  ['what both add', '弁を閉めた', '弁を開けた。完了', '弁を閉めた。完了', '弁を開けた。完了'],
  ['what one writes on', '弁', '弁を閉めた', '弁を閉めた。完了', '弁を閉めた。完了'],
  ['a deletion', '今日はポンプを三回も検査した。', 'ポンプを三回も検査した。', '今日はポンプを三回も点検した。'].concat(
    'ポンプを三回も点検した。',
  ),
])('two edits in one sentence merge: %s', (_what, base, one, other, text) =>
  expect(both(base, one, other)).toEqual({ text, conflicts: 0 }),
);

test.each([
  ['a word that each half rewrites', '東京駅', '西京駅', '東都駅'],
  ['a date', '10月5日', '11月5日', '10月6日'],
  ['a longer date', '2024年10月5日', '2025年10月5日', '2024年10月6日'],
  ['a number in letters', '三十五度', '四十五度', '三十六度'],
  ['a number in Thai digits', 'ที่ ๙๔.๒', 'ที่ ๙๔.๓', 'ที่ ๙๕.๒'],
  ['a number in wide digits', '計１，２３４個', '計２，２３４個', '計１，２３５個'],
  ['a word in katakana', 'ポンプを見た', 'タンプを見た', 'ポンドを見た'],
  ['a word that stands torn apart in the other', '低い', '高い', '高すぎない'],
  ['a letter that ends one word and begins another', '弁', '弁を閉めた', '弁だたぶん'],
])('[L12] nobody must read what nobody wrote: %s', (_what, base, one, other) => {
  const { text, conflicts } = both(base, one, other);
  expect(conflicts).toBe(1);
  for (const side of [one, other]) expect(text).toContain(`> ${side}`);
});

describe('the parts of a text', () => {
  test.each([
    'ポンプ|P-3|の|圧|力|は|94.2|、|三十五|度|。',
    'A-1|，|１，２３４|個|（|ok|）',
    'ปั๊|ม|ห|ยุ|ด| |๐๖.๑๒',
    '漢\ufe00|字|か\u3099|𠮷',
    'valve| |3,| |"T-192"| |–| |06:12',
  ])('%s', (parts) => expect(wordsOf(parts.replaceAll('|', ''))).toEqual(parts.split('|')));
});

test('edits of a sentence are small, and a word is one edit', () =>
  expect(editsBetween('圧力が高いので弁を閉めた。', '温度が低いので弁を開けた。')).toEqual([
    { at: 0, remove: 4, insert: '温度が低' },
    { at: 9, remove: 2, insert: '開け' },
  ]));
