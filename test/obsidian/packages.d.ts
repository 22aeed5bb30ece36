/** As much of WebdriverIO and its Obsidian service as the specs use; the packages are installed only where the specs run. */
declare module '@wdio/globals' {
  import type { App } from 'obsidian';

  interface Element {
    click(): Promise<void>;
    setValue(value: string): Promise<void>;
    getText(): Promise<string>;
  }

  export interface Inside {
    readonly app: App;
  }

  export const browser: {
    $(selector: string): Element;
    keys(keys: string): Promise<void>;
    waitUntil<T>(
      look: () => Promise<T>,
      options?: { readonly timeout?: number; readonly timeoutMsg?: string },
    ): Promise<T>;
    executeObsidian<T, P extends readonly unknown[]>(
      work: (inside: Inside, ...given: P) => T,
      ...given: P
    ): Promise<Awaited<T>>;
    executeObsidianCommand(id: string): Promise<void>;
    reloadObsidian(): Promise<string>;
  };
}

declare module 'wdio-obsidian-service' {
  export function parseObsidianVersions(
    versions: string,
    options: { readonly cacheDir: string },
  ): Promise<readonly (readonly [app: string, installer: string])[]>;
}

declare module 'mocha' {
  export function describe(what: string, body: () => void): void;
  export function it(what: string, body: () => Promise<void>): void;
  export function before(body: () => Promise<void>): void;
  export function after(body: () => Promise<void>): void;
}
