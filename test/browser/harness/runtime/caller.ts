/** Plugins run under a `plugin:` source URL, so the stack tells their calls from the harness's own. */

const passages = /\b(?:calledByPlugin|on|registerDomEvent|addEventListener|setInterval|WatchedSocket)\d*\b(?= |\))/;

export function calledByPlugin(): boolean {
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  return frames.find((frame) => frame.includes('plugin:') || !passages.test(frame))?.includes('plugin:') ?? false;
}
