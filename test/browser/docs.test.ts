/** The page that explains the API, in a real browser: everything on it comes from us. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { aServer, type AServer } from '../kit/a-server.ts';
import { launchOrExplain } from '../kit/chromium.ts';

let server: AServer;
let browser: Browser | null;
let why = '';
beforeAll(async () => {
  server = await aServer();
  const launched = await launchOrExplain();
  browser = launched.browser;
  if (!launched.browser) why = launched.why;
});
afterAll(async () => {
  await browser?.close();
  await server.close();
});

test('the docs show every route, find one by its words, and ask nobody else', async (context) => {
  if (!browser) return context.skip(`not run: ${why}`);
  const page = await browser.newPage();
  const trouble: string[] = [];
  const asked = new Set<string>();
  page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('request', (request) => asked.add(new URL(request.url()).origin));
  await page.goto(`${server.url}/docs`);
  const { body } = await server.ask('GET /openapi.json');
  const count = Object.values(body.paths as object).reduce(
    (sum: number, methods: object) => sum + Object.keys(methods).length,
    0,
  );
  await page.waitForSelector('.route');
  expect(await page.locator('.route').count()).toBe(count);
  await page.fill('#search', 'tasks send-back');
  expect(await page.locator('.route:visible .path').allTextContents()).toEqual(['/v1/tasks/{id}/send-back']);
  await page.locator('.route:visible summary').click();
  expect(await page.locator('.route:visible pre').first().textContent()).toContain(
    `${server.url}/v1/tasks/{id}/send-back`,
  );
  expect(trouble).toEqual([]);
  expect([...asked].filter((origin) => origin !== server.url && origin !== 'null')).toEqual([]);
});
