/** The settings, each with what it is. */
import { plural } from './plural.ts';

export const settingsWords = {
  copied: 'Diagnostics copied. Paste them where you ask for help.',
  notCopied: 'This device does not let the text be copied. Try again, or use another device.',
  wrongUrl: 'Enter the address of the server, such as https://operary.plant.example',
  plant: 'Plant',
  connectedTo: (url: string) => `Connected to ${url}.`,
  notConnected: 'Not connected. You need the address of the server and a pairing code.',
  connection: 'Connection',
  server: 'Server',
  serverWaits: (count: number) =>
    `${plural(count, { one: 'One entry, photo or text waits', other: `${count} entries, photos or texts wait` })} on this device. Change the address only where the server of the same plant has moved: they go to that plant and to no other. For another plant choose "Disconnect" first.`,
  disconnectInstead:
    'To leave this plant choose "Disconnect" above: it says what still waits, and forgets the token too.',
  serverIs: 'The only address that this plugin talks to. Connecting fills it in.',
  token: 'Token',
  tokenIs: 'Connecting fills it in. It is kept in the secret storage of this device, not in the vault.',
  fingerprint: 'Fingerprint of your organisation',
  fingerprintIs:
    'Optional: SHA256:… as the server showed it when your organisation was made; whoever runs it has it. Get it by another way than the notes. "Verify seal" then checks against it.',
  fingerprintHint: 'SHA256:…',
  wrongFingerprint: 'A fingerprint begins with SHA256: and has 43 more characters.',
  notes: 'Notes',
  days: 'Days of past shifts',
  daysAre:
    'Sealed shifts that lie further back get no notes by themselves; "Fetch older shift" brings one. Notes that are here already stay. Evidence bundles that you fetched are kept for as long.',
  wrongDays: 'A number of days, such as 30.',
  photos: 'Photos of others in notes',
  photosAre:
    'Whether photos that the server has are fetched when a note that shows them is open. Otherwise "Show photos of this note" fetches them.',
  photosWhen: {
    computers: 'Computers by themselves, phones and tablets when asked',
    always: 'Always by themselves',
    asked: 'Only when asked',
  },
  templates: 'Templates',
  templatesAre: 'For "Log entry": one in each line, a name, a colon, the text. "…" is where you fill something in.',
  language: 'Language and time zone of the notes',
  languageIs: (zone: string) =>
    `English, ${zone}: as your organisation has set it, so that every device writes the same.`,
  languageUnknown: 'Your organisation sets them. They show here once this device has met the server.',
  device: 'This device',
  deviceName: 'Name of this device',
  deviceNameIs: 'Others see it where this device has recorded something, or is missed at a seal.',
  deviceNameHint: 'Tablet at line 3',
  people: 'People of this device',
  peopleAre: 'On a shared tablet each person takes over with a PIN; every entry carries whoever did.',
  lock: 'Lock after minutes',
  lockIs: 'When several people use this device. 0: never.',
  wrongMinutes: 'A number of minutes, or 0.',
  help: 'Help',
  diagnostics: 'Diagnostics',
  diagnosticsAre:
    'Versions, counts and states, for whoever helps you. No token, no PIN, no names, nothing that anybody wrote.',
} as const;
