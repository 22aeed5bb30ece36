/** Connecting a vault: what people paste is understood, and every failure says what to do. */
import { describe, expect, test } from 'vitest';
import { addressIn, givenIn, isLocal, isOpen, unfolded } from '../../plugin/connect/given.ts';
import { join } from '../../plugin/connect/join.ts';
import { blockedBy, remarksOn } from '../../plugin/connect/remarks.ts';
import { welcomeText } from '../../plugin/connect/welcome.ts';
import { noAnswer } from '../../plugin/connect/no-answer.ts';
import { connectWords as WORDS } from '../../plugin/words/index.ts';
import { putAway, takeOut } from '../../plugin/device/plants.ts';
import { vaultId } from '../../plugin/device/memory.ts';
import type { Reply } from '../../plugin/link.ts';
import { pairingLink } from '../../shared/sync/pairing.ts';
import { manualClock } from '../kit/manual-clock.ts';
import { memoryMemory } from '../kit/memory-vault.ts';
import { scriptedLink, type ScriptedLink } from '../kit/scripted-link.ts';

const URL_ = 'https://operary.leeds.example';
const CODE = 'K7QM-4TRP-9X2C';
const TOKEN = `opy_live_${'a'.repeat(71)}`;

describe('an address', () => {
  test.each([
    ['https://operary.leeds.example', URL_],
    ['  https://operary.leeds.example/// ', URL_],
    ['operary.leeds.example', URL_],
    ['HTTPS://Operary.Leeds.Example/', URL_],
    ['<https://operary.leeds.example/docs>', URL_],
    ['https://operary.leeds.example/v1/tasks?limit=1#x', URL_],
    ['https://leeds.example/operary/', 'https://leeds.example/operary'],
    ['operary.leeds.example:8443', `${URL_}:8443`],
    ['http://operary.leeds.example', 'http://operary.leeds.example'],
    ['192.168.1.10:8787', 'http://192.168.1.10:8787'],
    ['localhost:8787/', 'http://localhost:8787'],
    ['plant-server:8787', 'http://plant-server:8787'],
    ['[fd00::7]:8787', 'http://[fd00::7]:8787'],
    ['operary.local', 'http://operary.local'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ])('%j is %s', (text, url) => expect(addressIn(text)).toBe(url));

  test.each([
    'the server in the hall',
    'ftp://operary.example',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://',
    'http://host:99999',
    'https://ana:secret@operary.example',
    '#',
  ])('%j is none', (text) => expect(addressIn(text)).toBeUndefined());

  test('is local or not, and open to others on the way or not', () => {
    for (const host of ['127.0.0.1', '10.1.2.3', '172.16.0.1', '172.31.9.9', '192.168.0.7', '[::1]', 'plant', 'a.lan'])
      expect([host, isLocal(host)]).toEqual([host, true]);
    for (const host of ['172.32.0.1', '8.8.8.8', 'operary.example', '[2001:db8::1]', '10.example.com.evil.example'])
      expect([host, isLocal(host)]).toEqual([host, false]);
    expect([isOpen('http://operary.example'), isOpen(URL_), isOpen('http://10.0.0.1')]).toEqual([true, false, false]);
  });
});

describe('what is pasted', () => {
  const link = pairingLink(URL_, CODE);
  const given = { url: URL_, code: CODE, token: '' };

  test.each([
    [{ address: URL_, code: CODE }],
    [{ address: `${URL_}/`, code: ' k7qm 4trp 9x2c ' }],
    [{ address: 'operary.leeds.example', code: 'k7qm4trp9x2c' }],
    [{ address: link, code: '' }],
    [{ address: '', code: link }],
    [{ address: `Open this: ${link}\n`, code: 'something else' }],
    [{ address: link.replace('operary?', 'operary/?'), code: '' }],
  ])('%j is understood', (typed) => expect(givenIn(typed)).toEqual(given));

  test('a token is taken where a code belongs', () =>
    expect(givenIn({ address: URL_, code: ` Bearer ${TOKEN} ` })).toEqual({ url: URL_, code: '', token: TOKEN }));
  test('a link of before brings a token', () =>
    expect(
      unfolded({ address: `obsidian://operary?url=${encodeURIComponent(URL_)}&token=${TOKEN}`, code: '' }),
    ).toEqual({
      address: URL_,
      code: TOKEN,
    }));
  test.each([
    [{ address: ' ', code: CODE }, 'no-address'],
    [{ address: 'the big one', code: CODE }, 'not-an-address'],
    [{ address: URL_, code: '' }, 'no-code'],
    [{ address: URL_, code: 'K7QM-4TRP' }, 'not-a-code'],
    [{ address: 'obsidian://operary?url=javascript%3Aalert(1)&code=x', code: '' }, 'not-an-address'],
  ] as const)('%j lacks something, and it is said', (typed, lack) => {
    expect(givenIn(typed)).toBe(lack);
    expect(WORDS.lacks[lack]).toMatch(/^[A-Z].{20,}/);
  });
});

describe('joining', () => {
  const about = { product: 'operary', version: '0.2.0', api: 1, plugin: { least: '0.2.0' } };
  const redeemed = {
    ...{ token: TOKEN, role: 'operator', areas: [] },
    ...{ user: { id: 'u', name: 'Ana' }, organisation: { id: 'o', name: 'Leeds' } },
  };
  const said = (answer: Partial<Reply> | 'nothing') => () => answer;
  const asked = (more: Partial<ScriptedLink['answers']> = {}, version = '0.2.0', code = CODE) => {
    const link = scriptedLink({
      'GET /v1/about': said({ json: about }),
      'POST /v1/pairings/redeem': said({ json: redeemed }),
      ...(more as ScriptedLink['answers']),
    });
    const parts = { linkTo: () => link, clock: manualClock(), version, deviceId: () => 'device' };
    const token = code ? '' : TOKEN;
    return { link, joined: join(parts, { url: URL_, code, token }) };
  };
  const problem = (status: number, code: string, detail: string) => said({ status, json: { code, detail } });

  test('gives a token, the plant, a name and a role; the code goes in the body, never in an address', async () => {
    const { link, joined } = asked();
    const organisation = { id: 'o', name: 'Leeds' };
    expect(await joined).toEqual({ token: TOKEN, organisation, name: 'Ana', role: 'operator' });
    expect(link.asked.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['GET', '/v1/about', undefined],
      ['POST', '/v1/pairings/redeem', { code: CODE, device: 'device' }],
    ]);
  });

  test('a token is tried before it is kept', async () => {
    const snapshot = { 'GET /v1/sync/snapshot': said({ json: { organisation: 'o', me: { role: 'auditor' } } }) };
    expect(await asked(snapshot, '0.2.0', '').joined).toEqual({
      token: TOKEN,
      organisation: { id: 'o', name: '' },
      name: '',
      role: 'auditor',
    });
    const no = { 'GET /v1/sync/snapshot': problem(401, 'token-revoked', 'This token was revoked.') };
    expect(await asked(no, '0.2.0', '').joined).toBe('This token was revoked.');
  });

  test.each([
    ['something else', { json: { hello: 'world' } }, WORDS.notOurs(URL_)],
    ['a web page', { status: 200, json: undefined }, WORDS.notOurs(URL_)],
    ['a page that is not there', { status: 404, json: undefined }, WORDS.notOurs(URL_)],
    ['an older server', { status: 404, json: { code: 'no-such-route', detail: '' } }, WORDS.serverOld],
    ['a server of an older kind', { json: { ...about, api: 0 } }, WORDS.serverOld],
    ['a server of a newer kind', { json: { ...about, api: 2 } }, WORDS.pluginOld('0.2.0')],
    [
      'a server that wants a newer plugin',
      { json: { ...about, plugin: { least: '0.10.0' } } },
      WORDS.pluginOld('0.2.0'),
    ],
    ['a server that starts', { status: 503, json: { code: 'not-ready', detail: '' } }, WORDS.notReady(URL_)],
    ['a proxy without its server', { status: 502, json: undefined }, WORDS.notReady(URL_)],
  ] as const)('%s answers: nothing is sent to it, and the words say what to do', async (_who, answer, words) => {
    const { link, joined } = asked({ 'GET /v1/about': said(answer) });
    expect(await joined).toBe(words);
    expect(link.asked).toHaveLength(1);
  });

  test.each(['0.2.0', '0.2.1', '0.10.0', '1.0.0'])('the plugin %s is new enough for 0.2.0', async (version) =>
    expect(await asked({}, version).joined).toMatchObject({ token: TOKEN }),
  );
  test.each(['0.1.9', '0.0.9'])('the plugin %s is not', async (version) =>
    expect(await asked({}, version).joined).toBe(WORDS.pluginOld(version)),
  );

  test.each([
    [404, 'code-unknown', 'This pairing code is not known here. Compare it with the one you were given.'],
    [410, 'code-used', 'This pairing code was used already. Ask for a new one; each works once.'],
    [429, 'too-many-tries', 'Too many wrong codes. Try again in 42 seconds, and check the code first.'],
  ])('%i %s is told in the words of the server', async (status, code, detail) =>
    expect(await asked({ 'POST /v1/pairings/redeem': problem(status, code, detail) }).joined).toBe(detail),
  );
  test('an answer that gives no token is none', async () =>
    expect(await asked({ 'POST /v1/pairings/redeem': said({ status: 200 }) }).joined).toBe(WORDS.notOurs(URL_)));
  test('no answer at all says so', async () =>
    expect(await asked({ 'GET /v1/about': said('nothing') }).joined).toBe(
      noAnswer(URL_, 'net::ERR_CONNECTION_REFUSED'),
    ));
});

test.each([
  ['net::ERR_INTERNET_DISCONNECTED', /offline/],
  ['The Internet connection appears to be offline.', /offline/],
  ['net::ERR_CERT_AUTHORITY_INVALID', /certificate of operary.leeds.example/],
  ['java.security.cert.CertPathValidatorException: Trust anchor for certification path not found.', /Phones/],
  ['A TLS error caused the secure connection to fail.', /Computers: .*Phones: /],
  ['net::ERR_SSL_PROTOCOL_ERROR', /begins with http:/],
  ['net::ERR_NAME_NOT_RESOLVED', /Nothing is called operary.leeds.example/],
  ['Unable to resolve host "operary.leeds.example"', /spelling/],
  ['A server with the specified hostname could not be found.', /spelling/],
  ['net::ERR_CONNECTION_REFUSED', /Nothing answers at https:\/\/operary.leeds.example \(net::ERR_CONNECTION_REFUSED\)/],
  ['The server did not answer.', /address and port/],
])('%s is explained', (said, words) => expect(noAnswer(URL_, said)).toMatch(words));

describe('the vault', () => {
  const app = (more: object, notes: Readonly<Record<string, object | undefined>>, plugins: unknown) =>
    ({
      ...more,
      vault: {
        configDir: '.obsidian',
        adapter: {
          read: async (path: string) => {
            if (path !== '.obsidian/community-plugins.json' || plugins === undefined) throw new Error('ENOENT');
            return typeof plugins === 'string' ? plugins : JSON.stringify(plugins);
          },
        },
        getMarkdownFiles: () => Object.keys(notes).map((path) => ({ path })),
      },
      metadataCache: { getFileCache: ({ path }: { path: string }) => ({ frontmatter: notes[path] }) },
    }) as unknown as Parameters<typeof remarksOn>[0];
  const sync = (vaultId: unknown) => ({ internalPlugins: { getEnabledPluginById: () => ({ vaultId }) } });

  test('with nothing else in it has nothing to say', async () => {
    const mine = {
      'Operary/Tasks/T-1 x.md': { operary_id: 'a' },
      'Operary/Welcome.md': undefined,
      'Diary.md': undefined,
    };
    expect(await remarksOn(app(sync(null), mine, []))).toEqual([]);
    expect(await remarksOn(app({}, mine, undefined))).toEqual([]);
    expect(await remarksOn(app({ internalPlugins: 7 }, mine, '{"not": "a list"'))).toEqual([]);
  });
  test('tells of notes that are not ours, and of others that sync it', async () => {
    const notes = { 'Operary/Recipes.md': undefined, 'Operary/Tasks/x.md': { tags: [] } };
    expect(await remarksOn(app(sync('abc'), notes, ['dataview', 'obsidian-livesync', 'remotely-save']))).toEqual([
      WORDS.foreign(2),
      WORDS.sync('Obsidian Sync, Self-hosted LiveSync, Remotely Save'),
    ]);
  });
  test('with notes of an earlier connection says what becomes of them, unless they are of the plant that it belongs to', async () => {
    const notes = { 'Operary/Tasks/T-1 x.md': { operary_id: 'a' }, 'Operary/Welcome.md': undefined };
    expect(await remarksOn(app({}, notes, []), false)).toEqual([WORDS.earlier(1)]);
    expect(await remarksOn(app({}, notes, []), true)).toEqual([]);
  });
  test.each([
    ['nothing', [], undefined],
    ['our folder', ['Operary/'], undefined],
    ['a file of that name', ['Operary'], WORDS.isFile],
    ['a folder that only some systems tell apart', ['operary/'], WORDS.otherCase('operary')],
    ['a file that only some systems tell apart', ['OPERARY'], WORDS.otherCase('OPERARY')],
    ['both folders, of a system that tells them apart', ['operary/', 'Operary/'], undefined],
  ] as const)('with %s in it is free or not, with the cure', (_what, entries, says) => {
    const named = (kind: string) => (path: string) => (entries.some((one) => one === path + kind) ? { path } : null);
    const children = entries.map((one) => ({ name: one.replace('/', '') }));
    const vault = { getRoot: () => ({ children }), getFileByPath: named(''), getFolderByPath: named('/') };
    expect(blockedBy({ vault } as unknown as Parameters<typeof blockedBy>[0])).toBe(says);
  });
  test('that throws at whoever looks into it is only less well known', async () => {
    const closed = Object.defineProperty({}, 'internalPlugins', {
      get: () => {
        throw new Error('private');
      },
    });
    const strange = app({}, {}, ['obsidian-git']);
    Object.setPrototypeOf(strange, closed);
    expect(await remarksOn(strange)).toEqual([WORDS.sync('Git')]);
  });
});

test('each plant has its own stores, and finds them again', () => {
  const memory = memoryMemory();
  const [leeds, york] = ['leeds', 'york'];
  takeOut(memory, leeds);
  const first = vaultId(memory);
  memory.set('history', 'of leeds');
  putAway(memory, leeds);
  takeOut(memory, york);
  const second = vaultId(memory);
  expect(second).not.toBe(first);
  expect(memory.get('history')).toBeUndefined();
  putAway(memory, york);
  takeOut(memory, leeds);
  expect(vaultId(memory)).toBe(first);
  putAway(memory, undefined);
  expect([first, second]).not.toContain(vaultId(memory));
});

test('the welcome note tells the four things, in plain markdown whatever the names', () => {
  const text = welcomeText('[[Leeds]] %% works', '*Ana*');
  for (const thing of ['Report problem', 'Log entry', '`status`', 'Sign handover']) expect(text).toContain(thing);
  expect(text).toMatch(/^\*\*Welcome to \\\[/);
  expect(text).not.toMatch(/%%|\[\[|```|operary:/);
  expect(welcomeText('', '')).toMatch(/^\*\*Welcome\.\*\* This vault is connected\. /);
});

test('the welcome note tells nobody of what their role may not do', () => {
  const things = (role: string) =>
    [...welcomeText('Leeds', 'Ana', role).matchAll(/^\d\. \*\*(.*?)\.\*\*/gm)].map(([, thing]) => thing);
  expect(things('supervisor')).toEqual(['Report a problem', 'Log an entry', 'Work a task', 'Hand over']);
  expect(things('')).toEqual(things('supervisor'));
  expect(things('operator')).toEqual(['Report a problem', 'Log an entry', 'Work a task']);
  expect(things('auditor')).toEqual([
    'Read a sealed shift',
    'Verify a seal',
    'Follow a trail',
    'Take the evidence with you',
  ]);
  expect(things('admin')).toEqual([]);
  expect(welcomeText('Leeds', 'Ana', 'operator')).toContain('. Three things you can do:\n\n1. ');
});
