/** Free functions of the module where the stand-in must behave like the app: paths, YAML, requests, platform. */
import { parse, stringify } from 'yaml';

export function normalizePath(path: string): string {
  const clean = path
    .replace(/[\\/]+/g, '/')
    .replace(/\u00a0|\u202f/g, ' ')
    .replace(/^\/+|\/+$/g, '')
    .normalize('NFC');
  return clean === '' ? '/' : clean;
}

export const parseYaml = (yaml: string): unknown => parse(yaml) as unknown;

export const stringifyYaml = (value: unknown): string => stringify(value, { lineWidth: 0, nullStr: '' });

export function debounce<T extends unknown[]>(
  callback: (...args: T) => unknown,
  timeout = 0,
  resetTimer = false,
): ((...args: T) => unknown) & { cancel(): unknown; run(): unknown } {
  let timer: number | undefined;
  let waiting: T | undefined;
  const fire = () => {
    const args = waiting;
    timer = waiting = undefined;
    return args && callback(...args);
  };
  const debounced = (...args: T) => {
    waiting = args;
    if (timer !== undefined && resetTimer) {
      window.clearTimeout(timer);
      timer = undefined;
    }
    timer ??= window.setTimeout(fire, timeout);
    return debounced;
  };
  return Object.assign(debounced, {
    cancel() {
      window.clearTimeout(timer);
      timer = waiting = undefined;
      return debounced;
    },
    run() {
      window.clearTimeout(timer);
      return fire();
    },
  });
}

export type PlatformName = 'desktop' | 'android' | 'ios';

/** One object for the life of the page, filled in before any plugin loads. */
export const Platform = {
  isDesktop: true,
  isMobile: false,
  isDesktopApp: true,
  isMobileApp: false,
  isIosApp: false,
  isAndroidApp: false,
  isPhone: false,
  isTablet: false,
  isMacOS: false,
  isWin: false,
  isLinux: true,
  isSafari: false,
  resourcePathPrefix: 'app://harness/',
};

export function becomePlatform(name: PlatformName): void {
  const mobile = name !== 'desktop';
  Object.assign(Platform, {
    isDesktop: !mobile,
    isDesktopApp: !mobile,
    isMobile: mobile,
    isMobileApp: mobile,
    isPhone: mobile,
    isIosApp: name === 'ios',
    isAndroidApp: name === 'android',
    isSafari: name === 'ios',
    isLinux: !mobile,
  });
  document.body.classList.toggle('is-mobile', mobile);
  document.body.classList.toggle('is-phone', mobile);
  document.body.classList.toggle('is-ios', name === 'ios');
  document.body.classList.toggle('is-android', name === 'android');
}

export const apiVersion = '1.13.1';

export function requireApiVersion(version: string): boolean {
  const [have, want] = [apiVersion, version].map((text) => text.split('.').map(Number));
  for (let at = 0; at < 3; at++) {
    const difference = (have?.[at] ?? 0) - (want?.[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

export function setTooltip(el: HTMLElement, tooltip: string): void {
  el.setAttribute('aria-label', tooltip);
}

export function sanitizeHTMLToDom(html: string): DocumentFragment {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  for (const el of parsed.querySelectorAll('script,iframe,object,embed,style,link')) el.remove();
  for (const el of parsed.querySelectorAll('*')) {
    for (const { name } of [...el.attributes]) if (/^on/i.test(name)) el.removeAttribute(name);
  }
  const fragment = document.createDocumentFragment();
  fragment.append(...document.importNode(parsed.body, true).childNodes);
  return fragment;
}

export function getLanguage(): string {
  return localStorage.getItem('language') ?? 'en';
}
