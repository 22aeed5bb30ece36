/** Timers, listeners, sockets and elements that outlive a plugin. Installed once, before any plugin loads. */
import { calledByPlugin } from './caller.ts';
import { pluginRefs } from './component.ts';

interface Listener {
  readonly target: EventTarget;
  readonly type: string;
  readonly listener: unknown;
}

const intervals = new Set<number>();
const listeners = new Set<Listener>();
const sockets = new Set<WebSocket>();

export function installWatch(): void {
  const [start, stop] = [window.setInterval.bind(window), window.clearInterval.bind(window)];
  window.setInterval = function setInterval(...args: Parameters<typeof start>) {
    const id = start(...args);
    if (calledByPlugin()) intervals.add(id);
    return id;
  } as typeof window.setInterval;
  window.clearInterval = ((id?: number) => {
    intervals.delete(id ?? 0);
    stop(id);
  }) as typeof window.clearInterval;
  watchListeners(window);
  watchListeners(document);
  window.WebSocket = class WatchedSocket extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      if (calledByPlugin()) sockets.add(this);
    }
  };
}

function watchListeners(target: Window | Document): void {
  const add = target.addEventListener.bind(target) as (...args: unknown[]) => void;
  const remove = target.removeEventListener.bind(target) as (...args: unknown[]) => void;
  target.addEventListener = function addEventListener(type: string, listener: unknown, options?: unknown) {
    const once = typeof options === 'object' && options !== null && 'once' in options && options.once === true;
    if (!once && calledByPlugin()) listeners.add({ target, type, listener });
    add(type, listener, options);
  } as typeof target.addEventListener;
  target.removeEventListener = (type: string, listener: unknown, options?: unknown) => {
    const same = (one: Listener) => one.target === target && one.type === type && one.listener === listener;
    for (const one of [...listeners].filter(same)) listeners.delete(one);
    remove(type, listener, options);
  };
}

export type Before = ReadonlySet<unknown>;

export const everythingNow = (): Before =>
  new Set<unknown>([...pluginRefs, ...intervals, ...listeners, ...sockets, ...document.body.children]);

const belongsToApp = '.modal-container, .notice-container, .menu, .suggestion-container, .app-container';

export function leftBehind(before: Before): string[] {
  const fresh = <T>(now: Iterable<T>): T[] => [...now].filter((one) => !before.has(one));
  return [
    ...fresh(pluginRefs).map((ref) => `event "${ref.name}"`),
    ...fresh(intervals).map((id) => `interval ${id}`),
    ...fresh(listeners).map(({ target, type }) => `${target === window ? 'window' : 'document'} listener "${type}"`),
    ...fresh(sockets)
      .filter((socket) => socket.readyState <= WebSocket.OPEN)
      .map((socket) => `WebSocket ${socket.url}`),
    ...fresh(document.body.children)
      .filter((el) => !el.matches(belongsToApp))
      .map((el) => `element <${el.tagName.toLowerCase()} class="${el.className}"> in the body`),
  ];
}
