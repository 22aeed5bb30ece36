/** What `requestUrl` says on a computer (Chromium), on Android and on iOS, and what it means. */
import { connectWords } from '../words/index.ts';

const TROUBLES: readonly (readonly [sign: RegExp, words: (host: string) => string])[] = [
  [/INTERNET_DISCONNECTED|offline/i, () => connectWords.offline],
  [/CERT|SSL|TLS|trust anchor|secure connection/i, connectWords.distrusted],
  [/NAME_NOT_RESOLVED|resolve host|hostname could not be found|ENOTFOUND/i, connectWords.notCalled],
];

/** No answer at all: `said` is what the device says about it. */
export function noAnswer(url: string, said: string): string {
  const found = TROUBLES.find(([sign]) => sign.test(said));
  return found ? found[1](new URL(url).host) : connectWords.noAnswer(url, said.replace(/\.$/, ''));
}
