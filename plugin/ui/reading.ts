/** Our notes, while they are read: long words break, names keep their own direction, and boxes say what they tick. */
import type { Plugin } from 'obsidian';
import { ROOT } from '../notes/notebook.ts';

export function easeReading(plugin: Plugin): void {
  plugin.registerMarkdownPostProcessor((element, { sourcePath }) => {
    if (!sourcePath.startsWith(`${ROOT}/`)) return;
    element.addClass('operary-read');
    for (const name of element.findAll('a.internal-link, strong')) name.dir = 'auto';
    for (const box of element.findAll('input.task-list-item-checkbox'))
      box.ariaLabel = box.closest('li')?.textContent?.trim() ?? null;
  });
}
