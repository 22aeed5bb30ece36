/** What became of photos that somebody wants to see. */

export const photosWords = {
  spoiled:
    'did not arrive as it was recorded, and was not kept. Try again; if it stays so, tell whoever runs the server.',
  unreachable: 'could not be fetched: the server cannot be reached, or does not have it yet. Try again later.',
  noPicture: 'is no picture, so a note cannot show it. The evidence of its shift holds it.',
  shown: (count: number, all: number) => `${count} of ${all} photos are shown.`,
} as const;
