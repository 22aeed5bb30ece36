/** What Obsidian adds to the DOM and to the built-ins. Imported first, so that every class may use it. */
// The typings declare what they add to the DOM for whoever imports them.
import type {} from 'obsidian';
import { setup } from 'mocks:globals/setup';
import { installWatch } from './leaks.ts';

setup();

// Not enumerable: a `for … in` over an array must not meet them.
for (const prototype of [Array.prototype, String.prototype] as object[]) {
  for (const name of Object.keys(prototype)) {
    const value: unknown = Reflect.get(prototype, name);
    Object.defineProperty(prototype, name, { value, enumerable: false, writable: true, configurable: true });
  }
}

type Delegated = (event: Event, target: HTMLElement) => unknown;
const wrappers = new WeakMap<Delegated, (event: Event) => void>();

/** Delegation with its selector, which the mocks leave out. */
const delegation = {
  on(
    this: HTMLElement | Document,
    type: string,
    selector: string,
    listener: Delegated,
    options?: AddEventListenerOptions,
  ) {
    const wrapped = (event: Event) => {
      const target = event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null;
      if (target && this.contains(target)) listener.call(this, event, target);
    };
    wrappers.set(listener, wrapped);
    this.addEventListener(type, wrapped, options);
  },
  off(
    this: HTMLElement | Document,
    type: string,
    _selector: string,
    listener: Delegated,
    options?: AddEventListenerOptions,
  ) {
    const wrapped = wrappers.get(listener);
    if (wrapped) this.removeEventListener(type, wrapped, options);
  },
};
Object.assign(HTMLElement.prototype, delegation);
Object.assign(Document.prototype, delegation);

installWatch();
