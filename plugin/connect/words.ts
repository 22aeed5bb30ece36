/** What connecting says to people: every failure with what to do about it. */
import type { Lack } from './given.ts';

export const LACKS: Readonly<Record<Lack, string>> = {
  'no-address': 'Enter the address of the server. Whoever gave you the pairing code knows it.',
  'not-an-address': 'This is no address of a server. It looks like https://operary.plant.example',
  'no-code': 'Enter the pairing code. An admin makes one for you; it works once, for 15 minutes.',
  'not-a-code':
    'A pairing code has 12 letters and digits, such as K7QM-4TRP-9X2C. Compare it with the one you were given.',
};

/** What `requestUrl` says on a computer (Chromium), on Android and on iOS, and what it means. */
const TROUBLES: readonly (readonly [sign: RegExp, words: (host: string) => string])[] = [
  [
    /INTERNET_DISCONNECTED|offline/i,
    () => 'This device is offline. Connect it to the network of the plant, then try again.',
  ],
  [
    /CERT|SSL|TLS|trust anchor|secure connection/i,
    (host) =>
      `This device does not trust the certificate of ${host}. Computers: install the authority of your plant in the system. Phones: the server needs a certificate from a public authority. If the server has none at all, its address begins with http://`,
  ],
  [
    /NAME_NOT_RESOLVED|resolve host|hostname could not be found|ENOTFOUND/i,
    (host) =>
      `Nothing is called ${host} in this network. Check the spelling, and that this device is in the network of the plant.`,
  ],
];

/** No answer at all: `said` is what the device says about it. */
export function noAnswer(url: string, said: string): string {
  const { host } = new URL(url);
  const found = TROUBLES.find(([sign]) => sign.test(said));
  if (found) return found[1](host);
  return `Nothing answers at ${url} (${said.replace(/\.$/, '')}). Check address and port, that the server runs, and that this device is in the network of the plant.`;
}

export const WORDS = {
  notOurs: (url: string) =>
    `Something answers at ${url}, but it is not Operary. Check the address: the port may be missing, or https:// instead of http://`,
  notReady: (url: string) => `${url} is there, but its server is not ready. Try again in a minute.`,
  serverOld: 'This server is too old for this plugin. Ask its admin to update it.',
  pluginOld: (version: string) =>
    `This plugin (${version}) is too old for this server. Update it under Community plugins, restart Obsidian, and try again.`,
  otherPlant: (name: string) =>
    `This code is for ${name || 'another plant'}, but this vault holds the notes of another one. Disconnect first, or use another vault; then ask for a new code.`,
  isFile:
    'There is a file called Operary in this vault, where the folder of that name belongs. Rename it, then try again.',
  isConnected: (url: string) =>
    `This vault is connected to ${url}. One vault belongs to one plant: disconnect it first, or open another vault.`,
  asks: (host: string) =>
    `A link wants to connect this vault to ${host}. Go on only if somebody of your plant gave it to you.`,
  open: 'This address is not encrypted (http://): on the way others could read the token and your notes. Prefer https://',
  foreign: (count: number) =>
    `The folder Operary holds ${count === 1 ? 'a note of your own. It stays as it is' : `${count} notes of your own. They stay as they are`}; ours are put beside.`,
  sync: (names: string) =>
    `${names} syncs this vault too. Exclude the folder Operary there, and this plugin's folder: two programs that bring the same notes make copies of them.`,
  connected: (plant: string, person: string) =>
    `Connected${plant ? ` to ${plant}` : ''}${person ? ` as ${person}` : ''}. The notes appear in the folder Operary.`,
  stays:
    'The notes stay in this vault as plain markdown; nothing writes to them any more. Address and token are forgotten on this device.',
  disconnected: 'Disconnected. The notes stay in this vault.',
  waits: (count: number) =>
    `${count === 1 ? 'One entry, photo or text is' : `${count} entries, photos or texts are`} on this device only, not on the server.`,
  waitsOn:
    'Connect first and let it be sent. If you disconnect now, it stays on this device, seen by nobody else, and is sent when this vault is connected to the same plant again.',
};
