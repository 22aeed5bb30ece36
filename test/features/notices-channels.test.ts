/** How a notice reaches people, and in which words. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createMail } from '../../server/outbound/mail.ts';
import { filled, strangePlace } from '../../shared/features/wordings/fill.ts';
import { wording } from '../kit/ask.ts';
import { anOrganisation, by, given } from '../kit/given.ts';
import { ben, marek, root } from '../kit/people.ts';
import { aReceiver } from '../kit/receiver.ts';
import { useRinging } from '../kit/ringing.ts';

const { ring, begin, push, reach, give, noticed } = useRinging();

describe('channels', () => {
  test('push knows letters of every language, and shows its token to its own server only', async () => {
    await ring.out.close();
    begin({ push: { url: ring.receiver.url, token: 'tk_secret' } });
    const other = await aReceiver();
    await reach(marek, [push('marek'), { kind: 'ntfy', address: `${other.url}/marek` }]);
    await give('Füller 2 zu heiß', marek, { priority: 'P1' });
    await ring.out.send();
    const [mine] = ring.receiver.got;
    expect(mine!.headers['authorization']).toBe('Bearer tk_secret');
    expect(Buffer.from(/^=\?UTF-8\?B\?(.+)\?=$/.exec(mine!.headers['title']!)![1]!, 'base64').toString()).toBe(
      'P1 Füller 2 zu heiß',
    );
    expect(other.got[0]!.headers['authorization']).toBeUndefined();
    await other.close();
  });
  test('Slack gets text whose signs mean nothing to it', async () => {
    await reach(marek, [{ kind: 'slack', address: `${ring.receiver.url}/services/T0/B0/secret` }]);
    await give('<!channel> & more', marek, { priority: 'P1' });
    await ring.out.send();
    expect(JSON.parse(ring.receiver.got[0]!.body)).toMatchObject({
      text: expect.stringMatching(/^\*P1 &lt;!channel&gt; &amp; more\*\n/),
    });
  });
  test('mail goes by SMTP, to one recipient, with an id that follows from the notice', async ({ skip }) => {
    const smtp = await aMailServer();
    if (!smtp) return skip('not run: the package smtp-server is not installed');
    await ring.out.close();
    begin({
      mail: createMail({ url: smtp.url, from: 'Operary <operary@plant.example>', origin: 'plant.example' }),
    });
    await reach(marek, [{ kind: 'email', address: 'marek@example.com' }]);
    await give('Füller 2 zu heiß', marek, { priority: 'P1' });
    await ring.out.send();
    const [mail] = smtp.got;
    expect(mail!.to).toEqual(['marek@example.com']);
    const [sent] = (await ring.plant.events()).filter(({ type }) => type === 'notice.sent');
    expect(mail!.text).toContain(`Message-ID: <${sent!.subject.id}@plant.example>`);
    expect(mail!.text).toContain('Auto-Submitted: auto-generated');
    expect(mail!.text).toMatch(/^Subject: =\?UTF-8\?/m);
    smtp.refuse = true;
    await give('another', marek, { priority: 'P1' });
    await ring.out.send();
    expect((await noticed()).at(-1)).toMatchObject({ type: 'notice.failed', problem: 'The mail server answered 550.' });
    await smtp.close();
  });
});

describe('words', () => {
  test('an organisation has its own, per channel and language', async () => {
    await ring.plant.run(
      wording('push').set({ channel: 'ntfy', title: 'OPERARY {{ref}}', text: '{{ title }} in {{area}}' }).by(root),
      wording('de').set({ channel: 'ntfy', language: 'de', title: 'Aufgabe {{ref}}', text: '{{title}}' }).by(root),
    );
    await reach(marek, [push('marek')], { language: 'de' });
    await reach(ben, [push('ben')], { language: 'pl' });
    await give('Pump {{ref}}', marek, { priority: 'P1' });
    await give('Guard', ben, { priority: 'P1' });
    await ring.out.send();
    expect(ring.receiver.got.map(({ headers, body }) => [headers['title'], body]).sort()).toEqual([
      ['Aufgabe T-1', 'Pump {{ref}}'],
      ['OPERARY T-2', 'Guard in Packaging'],
    ]);
    await ring.plant.must(wording('push').retire().by(root));
    await give('Again', ben, { priority: 'P1' });
    await ring.out.send();
    expect(ring.receiver.got.at(-1)!.headers['title']).toBe('P1 Again');
  });
  test('a place that is none is refused, with the list', () =>
    given(anOrganisation())
      .when(wording('x').set({ channel: 'slack', title: '{{titel}}', text: 'x' }), by(root))
      .refused('invalid-input', ({ fields }) =>
        expect(fields).toMatchObject([{ field: '/title', problem: expect.stringContaining('{{title}}') }]),
      ));
  test('nothing runs: what goes in is not looked at again', () => {
    const values = {
      title: '{{link}} $& ${1+1}',
      link: 'L',
      ref: '',
      priority: '',
      area: '',
      level: '',
      why: '',
      count: '',
      list: '',
    };
    expect(filled('{{title}} {{link}}', values)).toBe('{{link}} $& ${1+1} L');
    expect(strangePlace('{{constructor}}')).toBe('constructor');
    expect(strangePlace('{{title}} {{{ref}}}')).toBeUndefined();
  });
});

interface MailServer {
  readonly url: string;
  readonly got: { readonly to: string[]; readonly text: string }[];
  refuse: boolean;
  close(): Promise<void>;
}

/** The real protocol on loopback, where the package is installed. */
async function aMailServer(): Promise<MailServer | undefined> {
  const found = await import('smtp-server').catch(() => undefined);
  if (!found) return undefined;
  const got: MailServer['got'] = [];
  const state = { refuse: false };
  const server = new found.SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onRcptTo: (_address, _session, done) =>
      done(state.refuse ? Object.assign(new Error('No such user'), { responseCode: 550 }) : undefined),
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => void parts.push(part));
      stream.on('end', () => {
        got.push({ to: session.envelope.rcptTo.map(({ address }) => address), text: Buffer.concat(parts).toString() });
        done();
      });
    },
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  return Object.assign(state, {
    url: `smtp://127.0.0.1:${port}`,
    got,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}
