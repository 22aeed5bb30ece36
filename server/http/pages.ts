/** The contract for people and for machines: `/openapi.json`, and `/docs`, which shows it without asking any other server. */
import { readFileSync } from 'node:fs';
import { bytes, json } from './answers.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

interface Page {
  readonly path: string;
  readonly page: () => Response;
}

const FILES = [
  ['/docs', 'index.html', 'text/html; charset=utf-8'],
  ['/docs/style.css', 'style.css', 'text/css; charset=utf-8'],
  ['/docs/page.js', 'page.js', 'text/javascript; charset=utf-8'],
] as const;

export const pagesOf = (openApi: object): readonly Page[] => [
  { path: '/openapi.json', page: () => json(openApi) },
  ...FILES.map(([path, name, contentType]) => {
    const content = readFileSync(new URL(`./docs/${name}`, import.meta.url));
    return { path, page: () => bytes(content, contentType, { 'content-security-policy': POLICY }) };
  }),
];
