/** The curl lines that a program prints, and what they would do where there is no curl. */

/** Each with its continued lines as one. */
export const curlsIn = (text: string): readonly string[] =>
  text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('curl '));

/** Knows the words that we print: -s, -H, -d and an address. */
export async function fetched(line: string): Promise<{ status: number; body: string }> {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare!,
  );
  const headers = new Headers();
  let url = '';
  let data: string | undefined;
  for (let i = 1; i < words.length; i++) {
    const word = words[i]!;
    if (word === '-H') {
      const [name = '', value = ''] = words[++i]!.split(/: ?(.*)/s);
      headers.append(name, value);
    } else if (word === '-d') data = words[++i]!;
    else if (word !== '-s') url = word;
  }
  const response = await fetch(url, data === undefined ? { headers } : { method: 'POST', headers, body: data });
  return { status: response.status, body: await response.text() };
}
