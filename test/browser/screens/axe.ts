/** What axe-core finds wrong with a screen, as far as we drew it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { VaultClient } from '../harness/client.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What is not ours to mend: rules, and where they do not count. */
const NOT_OURS: readonly { readonly why: string; readonly rules: readonly string[]; readonly within: string }[] = [
  {
    why: 'the stand-in draws its own buttons as plain as it can',
    rules: ['aria-prohibited-attr'],
    within: '.side-dock-ribbon-action, .view-action, .mobile-navbar-action, .modal-close-button, .clickable-icon',
  },
  { why: 'the stand-in’s list of files and tabs', rules: ['*'], within: '.nav-files-container, .vertical-tab-header' },
  { why: 'the stand-in’s empty pane', rules: ['*'], within: '.empty-state' },
  {
    why: 'the app draws and names the controls of declarative settings',
    rules: ['label', 'select-name'],
    within: '.mod-settings .setting-item:not(.operary-token)',
  },
  {
    why: 'the keyboard gets into whatever scrolls by itself, since Chromium 130',
    rules: ['scrollable-region-focusable'],
    within: '.el-pre, .el-table',
  },
  {
    why: 'the stand-in’s panel of properties names its fields by standing beside them',
    rules: ['label'],
    within: '.metadata-container',
  },
  {
    why: 'colours of the theme, which people choose: headings of callouts, links, the main button',
    rules: ['color-contrast'],
    within: '.callout-title, a.internal-link, button.mod-cta, .multi-select-pill',
  },
  {
    why: 'axe takes a name below the edge of a sheet for hidden, because the window itself does not scroll; `label` asks for names too',
    rules: ['label-title-only'],
    within: '.modal',
  },
];

interface Axe {
  run(
    context: Document,
    options: object,
  ): Promise<{
    readonly violations: readonly {
      readonly id: string;
      readonly nodes: readonly {
        readonly element: Element;
        readonly html: string;
        readonly failureSummary: string;
      }[];
    }[];
  }>;
}

/** About the window as a whole, which is the app's. */
const OF_THE_WINDOW = ['region', 'bypass', 'landmark-one-main', 'page-has-heading-one'];

/** Each as rule, element and what to do. */
export async function violations({ page }: VaultClient): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const inPage = async ([notOurs, left]: readonly [typeof NOT_OURS, readonly string[]]) => {
    const { axe } = window as unknown as { readonly axe: Axe };
    const rules = Object.fromEntries(left.map((id) => [id, { enabled: false }]));
    const { violations: all } = await axe.run(document, { resultTypes: ['violations'], elementRef: true, rules });
    return all.flatMap(({ id, nodes }) =>
      nodes
        .filter(
          ({ element }) =>
            !notOurs.some(
              ({ rules: of, within }) => (of.includes(id) || of.includes('*')) && element.closest(within) !== null,
            ),
        )
        .map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
  };
  return page.evaluate(inPage, [NOT_OURS, OF_THE_WINDOW] as const);
}

/** What of ours goes over the edge of the screen; a picture that scrolls in its own box does not. */
export function tooWide({ page }: VaultClient): Promise<string[]> {
  return page.evaluate(() => {
    const name = (el: Element): string => `${el.tagName} ${el.getAttribute('class') ?? ''} ${el.textContent ?? ''}`;
    const ours = '[class*="operary-"], .modal-content, .modal-content *, .operary-board *, .markdown-rendered *';
    const apart = '.operary-picture-box *, .el-table *';
    const over = [...document.querySelectorAll(ours)].filter((el) => {
      const { left, right, width } = el.getBoundingClientRect();
      return width > 0 && !el.matches(apart) && (right > innerWidth + 1 || left < -1);
    });
    const scrolls = [...document.querySelectorAll('.operary-board, .modal, .modal-content')].filter(
      (el) => el.scrollWidth > el.clientWidth,
    );
    const { scrollWidth, scrollHeight } = document.documentElement;
    const window = scrollWidth > innerWidth || scrollHeight > innerHeight;
    return [...[...over, ...scrolls].map(name), ...(window ? [`the window: ${scrollWidth} × ${scrollHeight}`] : [])];
  });
}

/** What a thumb is to hit and is smaller than 44 px; a link in the middle of a sentence is as high as its line. */
export function tooSmall({ page }: VaultClient): Promise<string[]> {
  return page.evaluate(() => {
    const touched =
      'button, summary, select, textarea, input:not([type=radio], [type=checkbox], [type=file]), label, .operary-link, [role=link], .operary-further summary';
    const scopes = ['.operary-board', '.modal:not(.mod-settings, .prompt)'];
    return scopes
      .flatMap((scope) => [...document.querySelectorAll(scope)])
      .flatMap((scope) => [...scope.querySelectorAll<HTMLElement>(touched)])
      .filter((el) => {
        const { width, height } = el.getBoundingClientRect();
        return width > 0 && (width < 43.9 || height < 43.9);
      })
      .map((el) => `${el.tagName} ${el.className} ${el.textContent}: ${el.offsetWidth} × ${el.offsetHeight}`);
  });
}
