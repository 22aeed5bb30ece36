/** What connecting says to people: every failure with what to do about it. */
import { plural } from './plural.ts';

export const connectWords = {
  title: 'Connect to a plant',
  disconnectPlant: 'Disconnect from the plant',
  address: 'Server address',
  code: 'Pairing code',
  codeExample: 'K7QM-4TRP-9X2C',
  connect: 'Connect',
  asking: (host: string) => `Asking ${host} …`,
  disconnectAsk: 'Disconnect from the plant?',
  haveRead: 'I have read this; disconnect all the same',
  disconnect: 'Disconnect',
  lacks: {
    'no-address': 'Enter the address of the server. Whoever gave you the pairing code knows it.',
    'not-an-address': 'This is no address of a server. It looks like https://operary.plant.example',
    'no-code': 'Enter the pairing code. An admin makes one for you; it works once, for 15 minutes.',
    'not-a-code':
      'A pairing code has 12 letters and digits, such as K7QM-4TRP-9X2C. Compare it with the one you were given.',
  },
  offline: 'This device is offline. Connect it to the network of the plant, then try again.',
  distrusted: (host: string) =>
    `This device does not trust the certificate of ${host}. Computers: install the authority of your plant in the system. Phones: the server needs a certificate from a public authority. If the server has none at all, its address begins with http://`,
  notCalled: (host: string) =>
    `Nothing is called ${host} in this network. Check the spelling, and that this device is in the network of the plant.`,
  noAnswer: (url: string, said: string) =>
    `Nothing answers at ${url} (${said}). Check address and port, that the server runs, and that this device is in the network of the plant.`,
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
  otherCase: (name: string) =>
    `There is something called ${name} in this vault, where the folder Operary belongs. Some devices cannot tell the two apart. Rename it, then try again: to Operary where these are the notes of this plant, else to anything else.`,
  earlier: (count: number) =>
    `The folder Operary holds ${plural(count, { one: 'a note', other: `${count} notes` })} of an earlier connection. Those of the same plant go on; those of another plant stay as they are: better use a vault of its own for each plant.`,
  isConnected: (url: string) =>
    `This vault is connected to ${url}. One vault belongs to one plant: disconnect it first, or open another vault.`,
  asks: (host: string) =>
    `A link wants to connect this vault to ${host}. Go on only if somebody of your plant gave it to you.`,
  open: 'This address is not encrypted (http://): on the way others could read the token and your notes. Prefer https://',
  foreign: (count: number) =>
    `The folder Operary holds ${plural(count, { one: 'a note of your own. It stays as it is', other: `${count} notes of your own. They stay as they are` })}; ours are put beside.`,
  sync: (names: string) =>
    `${names} syncs this vault too. Exclude the folder Operary there, and this plugin's folder: two programs that bring the same notes make copies of them.`,
  connected: (plant: string, person: string) =>
    `Connected${plant ? ` to ${plant}` : ''}${person ? ` as ${person}` : ''}. The notes appear in the folder Operary.`,
  stays:
    'The notes stay in this vault as plain markdown; nothing writes to them any more. Address and token are forgotten on this device.',
  noEquipment: 'This link names no equipment of a plant. Whoever made the code can mend it.',
  noNote: 'This device has no note of it. Connect it to the plant, or ask somebody whose role may see it.',
  noReport: 'Your role here reports no problems. Tell somebody who is on shift.',
  disconnected: 'Disconnected. The notes stay in this vault.',
  waits: (count: number) =>
    `${plural(count, { one: 'One entry, photo or text is', other: `${count} entries, photos or texts are` })} on this device only, not on the server.`,
  waitsOn:
    'Connect first and let it be sent. If you disconnect now, it stays on this device, seen by nobody else, and is sent when this vault is connected to the same plant again.',
  /** Programs that bring notes from elsewhere, by the ids of their plugins. */
  programs: {
    'obsidian-livesync': 'Self-hosted LiveSync',
    'remotely-save': 'Remotely Save',
    'remotely-sync': 'Remotely Sync',
    'obsidian-git': 'Git',
    'syncthing-integration': 'Syncthing',
    'system3-relay': 'Relay',
    yaos: 'YAOS',
  },
  obsidianSync: 'Obsidian Sync',
} as const;
