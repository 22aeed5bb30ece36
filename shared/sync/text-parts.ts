/**
 * The parts of a text that a merge keeps whole. Where blanks part words, a word reaches from blank to blank: `94.2`, `06:12` and `T-192`
 * are one each, because a merge of two readings must not make a third. Chinese, Japanese, Thai, Lao, Khmer, Burmese and Tibetan write
 * without blanks: there each letter is a part, and so are a number and a word in katakana. `Intl.Segmenter` knows more words, but
 * not the same ones on every device (nodejs/node 44988 and 51563), and all devices must come to the same text.
 */
const NUMERALS = '〇一二三四五六七八九十百千万億兆零';
const KATAKANA = '\\u30a1-\\u30fa\\u30fc-\\u30ff\\u31f0-\\u31ff\\uff66-\\uff9f';
/** Thai, Lao and Tibetan; Burmese; Khmer; Tai; radicals, kana and Han; Yi; Burmese and Tai; Han once more. */
const LETTERS =
  '\\u0e01-\\u0fff\\u1000-\\u109f\\u1780-\\u17ff\\u1950-\\u19ff\\u1a20-\\u1aaf\\u2e80-\\u2fdf\\u3005-\\u3007\\u3021-\\u3029' +
  '\\u3031-\\u30fa\\u30fc-\\u31ff\\u3400-\\u4dbf\\u4e00-\\ua4cf\\uaa60-\\uaadf\\uf900-\\ufaff\\uff66-\\uff9f' +
  '\\u{1b000}-\\u{1b16f}\\u{20000}-\\u{3ffff}';
const STOPS = '\\u3001-\\u3003\\u3008-\\u3020\\u30fb\\uff01\\uff08\\uff09\\uff0c\\uff1b\\uff1f';

const pattern = (source: string, flags = 'u'): RegExp => new RegExp(source, flags);
const NEEDS_NO_BLANKS = pattern(`[${LETTERS}${STOPS}]`);
const PARTS = pattern(
  `\\r?\\n|[^\\S\\r\\n]+|\\r|[${NUMERALS}]+|[${KATAKANA}]+|(?!\\p{Nd})[${LETTERS}]\\p{M}*|[${STOPS}]` +
    `|(?:[０-９]，(?=[０-９])|[^\\s${LETTERS}${STOPS}]|\\p{Nd})+`,
  'gu',
);
const FIRST_LETTER = 0x0e01;
const LETTER = pattern(`^(?!\\p{Nd})[${LETTERS}][${LETTERS}\\p{M}]*$`);
const STOP = pattern(`^[${STOPS}]`);
const NUMBER = pattern(`[\\p{Nd}${NUMERALS}]`);
const BREAK = /^[\s\p{P}\p{S}]+$/u;

/** From blank to blank, in any writing. All of them together are the text again; so are all of `wordsOf`. */
export const runsOf = (text: string): readonly string[] => text.match(/\r?\n|[^\S\r\n]+|\S+|\r/g) ?? [];

export const wordsOf = (text: string): readonly string[] =>
  NEEDS_NO_BLANKS.test(text) ? (text.match(PARTS) ?? []) : runsOf(text);

export const isWord = (part: string): boolean => /\S/.test(part);

export const isNumber = (part: string): boolean => NUMBER.test(part);

/** A letter, or several, of a writing without blanks. */
export const isLetter = (part: string): boolean => part.charCodeAt(0) >= FIRST_LETTER && LETTER.test(part);

/** Whether only a blank tells this word from one beside it. */
export const needsBlank = (part: string): boolean => isWord(part) && !isLetter(part) && !STOP.test(part);

/** Hardly a word has more letters, where no blank tells. */
const LONGEST = 4;

/** Whether changes on both sides of these parts may be changes of one word, in a writing without blanks. */
export function mayBeOneWord(between: readonly string[], beside: readonly string[] = []): boolean {
  if (between.length > 2 * LONGEST) return false;
  const all = [...beside, ...between];
  const letters = between.filter((part) => isLetter(part) && !isNumber(part)).join('');
  return letters.length < LONGEST && all.some(isLetter) && !all.some((part) => BREAK.test(part));
}
