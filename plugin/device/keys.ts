/** Secrets and cryptography as this device has them. */
import type { App } from 'obsidian';
import { hex, utf8 } from '../../shared/kernel/bytes.ts';
import type { Secrets } from '../identity.ts';
import type { Memory } from '../notes/ports.ts';
import type { Derive } from '../pin.ts';

/** In Obsidian's secret storage; where that does not hold what it was given, in the storage of this vault on this device. */
export function deviceSecrets(app: Pick<App, 'secretStorage'>, memory: Memory): Secrets {
  const storage = app.secretStorage as App['secretStorage'] | undefined;
  const inMemory = (name: string): string => `secret-${name}`;

  function stored(name: string): string | undefined {
    try {
      return storage?.getSecret(name) || undefined;
    } catch {
      return undefined;
    }
  }

  return {
    get: (name) => stored(name) ?? memory.get(inMemory(name)),
    set(name, secret) {
      try {
        // It has no word for forgetting.
        if (secret !== undefined || stored(name) !== undefined) storage?.setSecret(name, secret ?? '');
      } catch {
        // What it did not take is found missing below.
      }
      memory.set(inMemory(name), stored(name) === secret ? undefined : secret);
    },
  };
}

export const deviceRandom = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** In the background, so that a slow phone stays usable while it works. */
export const derivePin: Derive = async (pin, salt, iterations) => {
  const key = await crypto.subtle.importKey('raw', asBuffer(utf8(pin)), 'PBKDF2', false, ['deriveBits']);
  const settings = { name: 'PBKDF2', hash: 'SHA-256', salt: asBuffer(salt), iterations };
  return new Uint8Array(await crypto.subtle.deriveBits(settings, key, 256));
};

export const digestOf = async (bytes: Uint8Array): Promise<string> =>
  hex(new Uint8Array(await crypto.subtle.digest('SHA-256', asBuffer(bytes))));

const asBuffer = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
