/** What leaves a plant, on the real door and the real tables, carried when the test says so: its clock moves, and chance is always the middle. */
import SqliteDatabase from 'better-sqlite3';
import { createCarrier } from '../../server/outbound/carrier.ts';
import { createChannels } from '../../server/outbound/channels.ts';
import { hearOf } from '../../server/outbound/hearing.ts';
import { memorySecrets, type SecretStore } from '../../server/host/secrets.ts';
import type { SendMail } from '../../server/outbound/mail.ts';
import { noticesReady } from '../../server/outbound/notices.ts';
import { createPost, type Post } from '../../server/outbound/post.ts';
import { mintSecret } from '../../server/outbound/signature.ts';
import { openOutboundStore, type OutboundStore } from '../../server/outbound/store.ts';
import { webhooksReady } from '../../server/outbound/webhooks.ts';
import { webhook } from './ask.ts';
import { ORG, root } from './people.ts';
import type { Plant } from './plant.ts';

export interface Outwards {
  readonly store: OutboundStore;
  readonly secrets: SecretStore;
  /** Everything that is ready leaves. */
  send(): Promise<void>;
  /** Time passes, in seconds, and what is ready then leaves. */
  after(seconds: number): Promise<void>;
  /** Makes an endpoint and answers its secret. */
  hook(
    name: string,
    more: { readonly url: string; readonly types?: string[]; readonly area?: string },
  ): Promise<string>;
  rotate(name: string): Promise<string>;
  close(): Promise<void>;
}

export interface OutwardsOptions {
  readonly post?: Post;
  readonly mail?: SendMail;
  readonly push?: { readonly url: string; readonly token: string };
  readonly url?: string;
  /** To come back to. */
  readonly store?: OutboundStore;
  readonly secrets?: SecretStore;
}

export const onLoopback = (timeoutMs = 20_000): Post => createPost({ allow: ['127.0.0.1'], timeoutMs });

export function outwards(plant: Plant, options: OutwardsOptions = {}): Outwards {
  const { ledger, register } = plant;
  const store = options.store ?? openOutboundStore(new SqliteDatabase(':memory:'));
  const { post = onLoopback(), mail, push, url } = options;
  const now = () => Date.parse(plant.now());
  const log = { warn: () => undefined, error: (said: object) => void faults.push(said) };
  const faults: object[] = [];
  const secrets = options.secrets ?? memorySecrets();
  const means = { ledger, register, store, secrets, post, now, chance: () => 0.5, log, url };
  const channels = createChannels({ post, mail, push });
  const carrier = createCarrier(
    async () => [...noticesReady({ ...means, channels }), ...(await webhooksReady(means))],
    log,
  );
  let heard = 0;
  const send = async (): Promise<void> => {
    await plant.settle();
    for (const event of await ledger.events(ORG, heard, 100_000)) {
      await hearOf(ledger, store, event);
      heard = event.seq;
    }
    await carrier.idle();
    if (faults.length) throw new Error(JSON.stringify(faults, Object.getOwnPropertyNames(Error.prototype)));
  };
  const minted = (name: string) => {
    const { secret, hash } = mintSecret((length) => plant.random(length));
    secrets.put(ORG, webhook(name).id, hash, secret);
    return { secret, more: { minted: { secretHash: hash } } };
  };
  return {
    store,
    secrets,
    send,
    async after(seconds) {
      plant.pass(seconds / 60);
      await send();
    },
    async hook(name, { url: address, types = ['*'], area }) {
      const { secret, more } = minted(name);
      await plant.must(
        webhook(name)
          .create({ url: address, types, name, ...(area ? { area } : {}) }, more)
          .by(root),
      );
      return secret;
    },
    async rotate(name) {
      const { secret, more } = minted(name);
      await plant.must(webhook(name).rotate({}, more).by(root));
      return secret;
    },
    close: () => carrier.close(),
  };
}
