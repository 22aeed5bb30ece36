/** Pictures as text, and the trail of an item as the server would answer it. */
import { causesIn } from '../../server/http/causes.ts';
import type { Shape } from '../../plugin/pictures/shape.ts';
import { storyOf, type Source, type Story } from '../../plugin/pictures/story.ts';
import { trailHere } from '../../plugin/pictures/trail-here.ts';
import type { Replica } from '../../plugin/replica.ts';
import type { Link, Subject } from '../../shared/kernel/event.ts';
import { shortNumber } from '../../shared/kernel/ids.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { features } from '../../shared/features/index.ts';
import { walkTrail, type TrailAnswer, type TrailEvent } from '../../shared/kernel/trail.ts';
import { ORG } from './people.ts';
import type { Plant } from './plant.ts';
import { around } from './vault-of.ts';

const escaped = (text: string): string => text.replace(/[&<>"]/g, (char) => `&#${char.codePointAt(0)!};`);

/** As a file that any browser opens. */
export function svgOf({ tag, attrs, parts }: Shape, depth = 0): string {
  const all = { ...(depth ? {} : { xmlns: 'http://www.w3.org/2000/svg' }), ...attrs };
  const open = `<${[tag, ...Object.entries(all).map(([key, value]) => `${key}="${escaped(String(value))}"`)].join(' ')}>`;
  const indent = '  '.repeat(depth);
  if (parts.every((part) => typeof part === 'string')) return `${indent}${open}${escaped(parts.join(''))}</${tag}>\n`;
  const inner = parts.map((part) => (typeof part === 'string' ? escaped(part) : svgOf(part, depth + 1))).join('');
  return `${indent}${open}\n${inner}${indent}</${tag}>\n`;
}

export const nodesIn = ({ parts }: Shape): number =>
  parts.reduce<number>((sum, part) => sum + (typeof part === 'string' ? 0 : nodesIn(part)), 1);

/** What a person with every right is told. */
export async function answerOf(plant: Plant, start: Subject): Promise<TrailAnswer> {
  const causes = causesIn(plant.ledger, plant.register, ORG);
  const events = new Map<number, TrailEvent>();
  const trail = await walkTrail({ kind: start.kind, id: start.id }, causes, async (item) => {
    const home = await causes.homeOf(item);
    if (!home) return { ref: null, title: null, visible: true, more: false };
    const stream = await plant.stream(home.stream);
    for (const event of await causes.eventsOf(home)) events.set(event.seq, event);
    return {
      ref: home.title === undefined ? shortNumber(home.feature.letter, stream.number) : null,
      title: home.title ?? home.feature.titleOf(stream.state),
      visible: true,
      more: false,
    };
  });
  return { ...trail, events: [...events.values()] };
}

export const told = (answer: TrailAnswer, replica: Replica, source: Source = 'server'): Story =>
  storyOf(answer, replica.register, around(replica), source);

export const toldHere = async (replica: Replica, start: Subject): Promise<Story> =>
  told(await trailHere(replica, start), replica, 'here');

/** Items of a made-up trail: each with its title and the ones that led to it. */
export function madeUp(items: Readonly<Record<string, readonly string[]>>, title = (id: string) => id): Story {
  const link = (id: string): Link => ({ kind: 'thing', id, rel: 'caused_by' });
  const all = Object.entries(items).map(([id, parents]) => ({
    ...{ kind: 'thing', id, ref: null, title: title(id), visible: true, more: false },
    parents: parents.map(link),
    children: [],
  }));
  const roots = all.filter(({ parents }) => !parents.length);
  const answer: TrailAnswer = {
    ...{ root: roots.length === 1 ? roots[0]! : null, roots, chain: [], items: all, complete: true },
    events: all.map(({ kind, id, parents }, at) => ({
      ...{ seq: at + 1, type: 'thing.made', subject: { kind, id }, actor: { kind: 'user', id: 'ana' } },
      ...{ occurredAt: '2026-11-21T01:12:08.000Z', recordedAt: '2026-11-21T01:12:09.000Z', upstream: parents },
      body: { text: title(id), reason: title(id) },
    })),
  };
  const names = { zone: 'UTC', userName: () => title('who'), linkTo: () => undefined };
  return storyOf(answer, createRegister(features), names, 'server');
}
