/** Asks a server who it is and what the code is worth. Nothing is changed on this device. */
import type { About, Redeemed } from '../../shared/sync/joining.ts';
import { API } from '../../shared/sync/pairing.ts';
import type { Snapshot } from '../connection.ts';
import { answered, problemIn, type Clock, type Link, type Reply } from '../link.ts';
import type { Given } from './given.ts';
import { connectWords } from '../words/index.ts';
import { noAnswer } from './no-answer.ts';

export interface JoinParts {
  readonly linkTo: (url: string, token: string) => Link;
  readonly clock: Clock;
  /** Of this plugin. */
  readonly version: string;
  readonly deviceId: () => string;
}

/** `role`: empty where it is not known. */
export type Joined = Pick<Redeemed, 'token' | 'organisation' | 'role'> & { readonly name: string };

/** What the server gave, or a sentence that says what to do. */
export async function join(parts: JoinParts, given: Given): Promise<Joined | string> {
  const { url } = given;
  const link = parts.linkTo(url, given.token);
  try {
    const wrong = judged(await answered(link, parts.clock, 'GET', '/v1/about'), url, parts.version);
    if (wrong !== undefined) return wrong;
    return given.token ? await known(parts, link, given) : await redeemed(parts, link, given);
  } catch (error) {
    return noAnswer(url, error instanceof Error ? error.message : String(error));
  }
}

function judged(reply: Reply, url: string, version: string): string | undefined {
  const { product, api, plugin } = (reply.json ?? {}) as Partial<About>;
  if (reply.status >= 500) return connectWords.notReady(url);
  // Before this question there was, it was answered as we answer what there is not.
  if (problemIn(reply).code === 'no-such-route') return connectWords.serverOld;
  if (product !== 'operary' || typeof api !== 'number') return connectWords.notOurs(url);
  if (api > API || isOlder(version, plugin?.least ?? '')) return connectWords.pluginOld(version);
  return api < API ? connectWords.serverOld : undefined;
}

async function redeemed({ clock, deviceId }: JoinParts, link: Link, { url, code }: Given): Promise<Joined | string> {
  const reply = await answered(link, clock, 'POST', '/v1/pairings/redeem', { code, device: deviceId() });
  const { token, organisation, user, role = '' } = (reply.json ?? {}) as Partial<Redeemed>;
  if (reply.status === 200 && token && organisation && user) return { token, organisation, role, name: user.name };
  return reply.json ? problemIn(reply).detail : connectWords.notOurs(url);
}

/** Somebody brought a token of their own. */
async function known({ clock }: JoinParts, link: Link, { url, token }: Given): Promise<Joined | string> {
  const reply = await answered(link, clock, 'GET', '/v1/sync/snapshot?limit=1');
  const { organisation: id, me } = (reply.json ?? {}) as Partial<Snapshot>;
  if (reply.status === 200 && id) return { token, organisation: { id, name: '' }, role: me?.role ?? '', name: '' };
  return reply.json ? problemIn(reply).detail : connectWords.notOurs(url);
}

function isOlder(version: string, least: string): boolean {
  const [ours, theirs] = [version, least].map((text) => text.split('.').map(Number));
  const at = ours!.findIndex((part, i) => part !== (theirs![i] ?? 0));
  return at >= 0 && ours![at]! < (theirs![at] ?? 0);
}
