/** Why there is no answer from the server. */

export const connectionWords = {
  silent: 'The server fell silent.',
  mayNotFollow: 'The role of this token may not follow the feed.',
  lost: 'The connection was lost.',
  trying: 'Trying again.',
  noAnswer: 'The server did not answer.',
  answered: (status: number) => `The server answered ${status}.`,
  otherPlant:
    'Another plant answers at this address than the one that this vault belongs to. Nothing was sent to it. Enter its address again, or choose "Disconnect": what waits here stays for its own plant.',
} as const;
