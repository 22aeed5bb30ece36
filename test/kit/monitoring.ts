/** Debian's own Alertmanager and Prometheus on loopback, sending to our server. Processes of their own, that a test may kill and start again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { NoPackages, unpacked } from './debian.ts';
import { until } from './until.ts';

/** Where the Debian build looks for its templates, whatever it is told. */
const TEMPLATES = '/usr/share/prometheus/alertmanager';

export interface Program {
  readonly url: string;
  /** Ends it with the signal; a second call does nothing. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

export interface Ready {
  readonly ready: () => Promise<boolean>;
  /** What it says when it has begun in earnest. */
  readonly says?: RegExp;
  readonly env?: NodeJS.ProcessEnv;
}

/** Started, and ready. What it says is told when it ends before that. */
export async function started(
  command: string,
  words: readonly string[],
  { ready, says, env }: Ready,
): Promise<Omit<Program, 'url'>> {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'], ...(env ? { env } : {}) });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()));
  const gone = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}: ${said.slice(-800)}`)));
  });
  gone.catch(() => undefined);
  const isReady = async () => ((await ready()) && (!says || says.test(said)) ? true : undefined);
  await Promise.race([until(`${command} to be ready`, isReady, 60), gone]);
  return { stop: (signal = 'SIGTERM') => ended(child, signal) };
}

const isReadyAt = (url: string) => (): Promise<boolean> =>
  fetch(`${url}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

export interface Hook {
  readonly url: string;
  readonly token: string;
}

/** Fast in everything, so that a test sees repeats: seconds where a plant has minutes and hours. */
const alertmanagerYaml = ({ url, token }: Hook): string => `route:
  receiver: operary
  group_by: [alertname, area]
  group_wait: 1s
  group_interval: 2s
  repeat_interval: 3s
receivers:
  - name: operary
    webhook_configs:
      - url: ${url}
        http_config: { authorization: { type: Bearer, credentials: ${token} } }
`;

export interface Alertmanager {
  readonly url: string;
  /** Posts alerts as a Prometheus does; an `endsAt` in the past resolves. */
  fire(...alerts: readonly object[]): Promise<void>;
  kill(): Promise<void>;
  /** Again on the same storage, as after a crash of its machine. */
  again(): Promise<void>;
  close(): Promise<void>;
}

/** Throws `NoPackages` where it cannot run. */
export async function alertmanager(folder: string, hook: Hook): Promise<Alertmanager> {
  const root = await unpacked('monitoring', ['prometheus-alertmanager', 'prometheus']);
  if (!existsSync(join(TEMPLATES, 'default.tmpl'))) {
    try {
      await mkdir(TEMPLATES, { recursive: true });
      await cp(join(root, TEMPLATES, 'default.tmpl'), join(TEMPLATES, 'default.tmpl'));
      await cp(join(root, TEMPLATES, 'email.tmpl'), join(TEMPLATES, 'email.tmpl'));
    } catch {
      throw new NoPackages(`Debian's Alertmanager wants its templates in ${TEMPLATES}, which this user cannot write`);
    }
  }
  const config = join(folder, 'alertmanager.yml');
  await writeFile(config, alertmanagerYaml(hook));
  const url = `http://127.0.0.1:${await freePort()}`;
  const words = [
    `--config.file=${config}`,
    `--storage.path=${join(folder, 'alertmanager')}`,
    `--web.listen-address=${url.slice('http://'.length)}`,
    '--cluster.listen-address=',
  ];
  const start = () => started(join(root, 'usr/bin/prometheus-alertmanager'), words, { ready: isReadyAt(url) });
  let running = await start();
  return {
    url,
    async fire(...alerts) {
      const response = await fetch(`${url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts),
      });
      if (!response.ok) throw new Error(`Alertmanager answered ${response.status}: ${await response.text()}`);
    },
    kill: () => running.stop('SIGKILL'),
    async again() {
      running = await start();
    },
    close: () => running.stop(),
  };
}

/** A Prometheus that looks at one exporter every second, with one rule, and tells this Alertmanager. Throws `NoPackages`. */
export async function prometheus(
  folder: string,
  {
    exporter,
    alertmanagerUrl,
    rule,
  }: { readonly exporter: string; readonly alertmanagerUrl: string; readonly rule: object },
): Promise<Program> {
  const root = await unpacked('monitoring', ['prometheus-alertmanager', 'prometheus']);
  // JSON is YAML.
  await writeFile(
    join(folder, 'rules.yml'),
    JSON.stringify({ groups: [{ name: 'plant', interval: '1s', rules: [rule] }] }),
  );
  const target = (url: string) => [{ targets: [url.slice('http://'.length)] }];
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [join(folder, 'rules.yml')],
    alerting: { alertmanagers: [{ static_configs: target(alertmanagerUrl) }] },
    scrape_configs: [{ job_name: 'filler', static_configs: target(exporter) }],
  };
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const url = `http://127.0.0.1:${await freePort()}`;
  const words = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'prometheus')}`,
    `--web.listen-address=${url.slice('http://'.length)}`,
    '--rules.alert.resend-delay=1s',
  ];
  return { url, ...(await started(join(root, 'usr/bin/prometheus'), words, { ready: isReadyAt(url) })) };
}
