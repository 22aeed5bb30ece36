/** Words on the screen in which a name may be written from right to left: it keeps to itself, so that what stands after it stays there. */

/** From the first letter of such a script to where our own words join the next part. */
const APART =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}](?:(?! · |: | → | \(|\)).)*/gu;

export function say<E extends Node>(el: E, text: string): E {
  let at = 0;
  for (const { 0: part, index } of text.matchAll(APART)) {
    if (index > at) el.appendText(text.slice(at, index));
    el.createEl('bdi', { text: part });
    at = index + part.length;
  }
  if (at < text.length) el.appendText(text.slice(at));
  return el;
}

/** The same where a name or a description is asked for. */
export const said = (text: string): DocumentFragment => say(createFragment(), text);
