/** The connection in plain words. */

export const statusWords = {
  waiting: (count: number) => ` · ${count} waiting`,
  attention: 'Needs attention',
  offlineSince: (time: string, saved: string) => `Offline since ${time}${saved}`,
  notConnected: 'Not connected',
  connectHow: 'Connect with the address and the pairing code that you were given.',
  stopped: 'Stopped',
  concerns: (count: number) => `Needs attention: ${count}`,
  savedHere: (saved: string) => `Saved here${saved}`,
  sentLater: 'It is sent by itself as soon as the server can be reached.',
  connecting: 'Connecting…',
  sending: (count: number) => `Sending ${count}…`,
  stored: 'Stored',
  onServer: 'Everything is on the server, on disk.',
} as const;
