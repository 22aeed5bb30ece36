/** A plant whose people and places are written from right to left, and whose tasks have long German words: on a narrow phone. */
import { afterEach, beforeEach, expect } from 'vitest';
import { aServer, type AServer } from '../kit/a-server.ts';
import { apiOf, type Api } from '../kit/api.ts';
import type { VaultClient } from './harness/client.ts';
import { noteOf, picture, says } from './harness/looking.ts';
import { SHIFT, task } from './hands.ts';
import { tooWide } from './screens/axe.ts';
import { releaseSuite } from './release-suite.ts';
import { AREA } from './works.ts';

const SHIRA = 'שירה לוי';
const HASSAN = 'حسن الكرمي';
const PUMP = 'مضخة التعبئة';
const WORD = 'Schwerlastkettenförderanlagenwartungsvertrag';
const HOUR = 3_600_000;
const at = (hours: number): string => new Date(Date.now() + hours * HOUR).toISOString();

const { test, open } = releaseSuite();
let server: AServer;
let shira: Api;
let phone: VaultClient;
beforeEach(async () => {
  server = await aServer({ on: 'disk' });
  const host = apiOf(server.url, (await server.plant()).admin);
  await host.post('/v1/areas', { path: AREA, name: PUMP });
  const person = async (name: string, role: string) => {
    const user = await host.post('/v1/users', { name, role });
    const { token } = await host.post<{ token: string }>('/v1/tokens', { user: user.id, role });
    return { id: user.id, token, api: apiOf(server.url, token) };
  };
  const [leader, fitter] = [await person(SHIRA, 'supervisor'), await person(HASSAN, 'maintenance_engineer')];
  shira = leader.api;
  const shift = await shira.post('/v1/shifts', { area: AREA, name: WORD, from: at(-1), to: at(7) });
  await shira.post(`/v1/shifts/${shift.id}/start`, { crew: [{ user: fitter.id, role: 'maintenance_engineer' }] });
  const urgent = { area: AREA, priority: 'P1', assignee: { user: fitter.id }, dueAt: at(5) };
  const { id } = await shira.post('/v1/tasks', { title: `${WORD} prüfen`, equipment: WORD.toLowerCase(), ...urgent });
  await fitter.api.post(`/v1/tasks/${id}/acknowledge`);
  await shira.post('/v1/tasks', { title: PUMP, ...urgent });
  await shira.post(`/v1/shifts/${shift.id}/log`, { text: `80 % ${WORD}`, kind: 'safety' });
  await shira.post(`/v1/shifts/${shift.id}/log`, { text: `3 bar at ${PUMP}`, equipment: PUMP });
  phone = await open({
    ...{ platform: 'android', viewport: { width: 320, height: 700 }, name: 'Far vault' },
    ...{ data: { url: server.url, secret: 'operary-token', root: '' }, secrets: { 'operary-token': leader.token } },
  });
  await says(phone, await noteOf(phone, SHIFT), PUMP);
});
afterEach(() => server.close());

const shownBy = (selector: string, words: string): Promise<void> =>
  phone.page.locator(selector).filter({ hasText: words }).first().waitFor({ timeout: 15_000 });

/** Names among other words that would draw these to the wrong side: they stand in no place of their own. */
const loose = (): Promise<string[]> =>
  phone.page.evaluate(() => {
    const found: string[] = [];
    const scopes = document.querySelectorAll('.operary-board, .modal-content, .markdown-preview-view');
    for (const scope of scopes) {
      const texts = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
      for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        const parent = node.parentElement!;
        const isMixed = /[\p{Script=Hebrew}\p{Script=Arabic}].*?(?: · |: |, )/u.test(
          parent.closest('li, p, div, label, button')?.textContent ?? '',
        );
        const isFar = /[\p{Script=Hebrew}\p{Script=Arabic}]/u.test(node.textContent ?? '');
        const isApart = ['isolate', 'plaintext'].includes(getComputedStyle(parent).unicodeBidi);
        const isOption = parent.matches('option, text, title, desc');
        if (isMixed && isFar && !isApart && !isOption && parent.matches('bdi, a, span')) found.push(parent.outerHTML);
        else if (isMixed && isFar && !isApart && !isOption) found.push(node.textContent ?? '');
      }
    }
    return found;
  });

async function fits(name: string): Promise<void> {
  await phone.dismissNotices();
  await picture(phone, `far-${name}`);
  expect({ name, wide: await tooWide(phone), loose: await loose() }).toEqual({ name, wide: [], loose: [] });
}

test('[320 px] long words and names from right to left fit on the board, in notes, sheets, forms and trails', async () => {
  await phone.openNote(await noteOf(phone, SHIFT), 'preview');
  await shownBy('.markdown-rendered', WORD);
  await fits('shift');
  await phone.run('operary:shifts-log');
  await fits('log');
  await phone.modal.close();
  await phone.run('operary:shifts-sign');
  await shownBy('.modal-content', 'From the log');
  await fits('sign');
  await phone.modal.close();
  await phone.openNote(await noteOf(phone, task('T-1')), 'preview');
  await fits('task');
  await phone.run('operary:tasks-assign');
  await fits('assign');
  await phone.modal.close();
  await phone.run('operary:show-trail');
  await shownBy('.modal-content', HASSAN);
  await fits('trail');
  await phone.modal.close();
  await phone.run('operary:open-board');
  await shownBy('.operary-board', WORD);
  await fits('board');
});

test('names in brackets and before numbers leave them where they stand', async () => {
  await phone.run('operary:shifts-sign');
  const line = phone.page.locator('.modal-content li').filter({ hasText: `(${PUMP})` });
  await line.waitFor({ timeout: 15_000 });
  const order = await line.evaluate((el) => {
    const range = document.createRange();
    const lefts: { readonly text: string; readonly left: number; readonly top: number }[] = [];
    const texts = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      range.selectNodeContents(node);
      const { left, top } = range.getClientRects()[0]!;
      lefts.push({ text: node.textContent!.trim(), left, top });
    }
    return lefts
      .sort((a, b) => (Math.abs(a.top - b.top) < 5 ? a.left - b.left : a.top - b.top))
      .map(({ text }) => text);
  });
  expect(order.slice(0, 3)).toEqual([expect.stringMatching(/^\d\d:\d\d$/), SHIRA, ': 3 bar at']);
  expect(order.slice(-3)).toEqual(['(', PUMP, ')']);
});

test('who is here and how things stand lies above the cards that are scrolled under it', async () => {
  await phone.run('operary:open-board');
  await shownBy('.operary-card[data-card]', WORD);
  const covered = await phone.page.locator('.operary-board').evaluate((board) => {
    const foot = board.querySelector('.operary-here')!;
    const { left, top, width, height } = foot.getBoundingClientRect();
    const wrong = new Set<string>();
    for (board.scrollTop = 0; ; board.scrollTop += 10) {
      const hit = document.elementFromPoint(left + width / 2, top + height / 2)!;
      if (!foot.contains(hit)) wrong.add(hit.className);
      if (board.scrollTop + board.clientHeight >= board.scrollHeight - 10) return [...wrong];
    }
  });
  expect(covered).toEqual([]);
});
