/** The fingerprint of an organisation's root key, as people type it. */
import { settingsWords } from '../words/index.ts';

export const wrongFingerprint = (typed: string): string | undefined =>
  /^SHA256:[A-Za-z0-9+/]{43}$/.test(typed) ? undefined : settingsWords.wrongFingerprint;
