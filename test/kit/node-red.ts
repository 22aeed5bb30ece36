/** Node-RED from npm and Debian's mosquitto on loopback: what a machine publishes by MQTT reaches our server through a flow. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NoPackages, unpacked, withLibraries } from './debian.ts';
import { freePort, started, type Program } from './monitoring.ts';

const run = promisify(execFile);
/** The last line of versions that was recorded (see the fixtures), and that runs on any Node we meet. */
const NODE_RED = 'node-red@4.1.8';

/** A package from npm with all it needs, installed beside the project, once per machine. Throws `NoPackages`. */
export async function installed(name: string, spec: string): Promise<string> {
  const home = join(tmpdir(), `operary-npm-${name}`);
  if (existsSync(home)) return home;
  const making = await mkdtemp(`${home}-`);
  try {
    const quiet = ['--no-audit', '--no-fund', '--no-save', '--ignore-scripts', '--loglevel=error'];
    await run('npm', ['install', ...quiet, '--prefix', making, spec], { timeout: 240_000 });
    await rename(making, home).catch((error: unknown) => {
      if (!existsSync(home)) throw error;
    });
    return home;
  } catch (error) {
    throw new NoPackages(`${spec} cannot be had from npm here: ${(error as Error).message.split('\n')[0]}`);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

export interface Broker {
  readonly port: number;
  publish(topic: string, payload: string, retained?: 'retained'): Promise<void>;
  stop(): Promise<void>;
}

/** Throws `NoPackages`. */
export async function mosquitto(folder: string): Promise<Broker> {
  const root = await unpacked('mosquitto', [
    ...['mosquitto', 'mosquitto-clients', 'libmosquitto1', 'libcjson1', 'libdlt2', 'libwrap0'],
  ]);
  const port = await freePort();
  const config = join(folder, 'mosquitto.conf');
  await writeFile(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nuser root\n`);
  const env = withLibraries(root);
  const broker = await started(join(root, 'usr/sbin/mosquitto'), ['-c', config], {
    env,
    ready: () => listens(port),
  });
  return {
    port,
    async publish(topic, payload, retained) {
      const words = ['-p', String(port), '-h', '127.0.0.1', '-q', '1', '-t', topic, '-m', payload];
      await run(join(root, 'usr/bin/mosquitto_pub'), [...words, ...(retained ? ['-r'] : [])], { env });
    },
    stop: () => broker.stop(),
  };
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

export interface Flow {
  readonly broker: number;
  readonly topic: string;
  /** The nodes that our own snippet makes: the first takes the message. */
  readonly nodes: readonly { readonly id: string; readonly [more: string]: unknown }[];
}

/** Throws `NoPackages`. */
export async function nodeRed(folder: string, { broker, topic, nodes }: Flow): Promise<Program> {
  const home = await installed('node-red', NODE_RED);
  const port = await freePort();
  const mqtt = { id: 'broker', type: 'mqtt-broker', broker: '127.0.0.1', port: String(broker), autoConnect: true };
  await writeFile(
    join(folder, 'flows.json'),
    JSON.stringify([
      { id: 'plant', type: 'tab', label: 'Plant' },
      { ...mqtt, clientid: '', usetls: false, protocolVersion: '4', keepalive: '60', cleansession: true },
      {
        id: 'in',
        type: 'mqtt in',
        z: 'plant',
        topic,
        qos: '1',
        datatype: 'auto-detect',
        broker: 'broker',
        inputs: 0,
        wires: [[nodes[0]!.id]],
      },
      ...nodes.map((node) => ({ z: 'plant', ...node })),
    ]),
  );
  await writeFile(
    join(folder, 'settings.js'),
    `module.exports = ${JSON.stringify({
      uiHost: '127.0.0.1',
      uiPort: port,
      flowFile: 'flows.json',
      credentialSecret: false,
      diagnostics: { enabled: false },
      telemetry: { enabled: false },
      editorTheme: { tours: false },
    })};\n`,
  );
  const url = `http://127.0.0.1:${port}`;
  const words = [
    join(home, 'node_modules/node-red/red.js'),
    '--userDir',
    folder,
    '--settings',
    join(folder, 'settings.js'),
  ];
  const program = await started(process.execPath, words, {
    ready: () => answers(`${url}/flows`),
    says: /Connected to broker/,
  });
  return { ...program, url };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
