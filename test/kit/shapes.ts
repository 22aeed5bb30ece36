/** What the API answers with, as the features' own contracts say it; and a refusal, checked to be one. */
import type * as z from 'zod';
import { expect } from 'vitest';
import type { entity as alarm } from '../../shared/features/alarms/contract.ts';
import type { entity as delivery } from '../../shared/features/deliveries/contract.ts';
import type { entity as shift } from '../../shared/features/shifts/contract.ts';
import type { entity as task } from '../../shared/features/tasks/contract.ts';
import type { Event as FeedEvent } from '../../shared/sync/messages.ts';
import type { Api } from './api.ts';

export type Task = z.output<typeof task>;
export type Shift = z.output<typeof shift>;
export type Alarm = z.output<typeof alarm>;
export type Delivery = z.output<typeof delivery>;
export type Event = z.output<typeof FeedEvent>;

export interface Item {
  readonly kind: string;
  readonly id: string;
  readonly ref: string | null;
  readonly title: string | null;
}
interface Tied extends Item {
  readonly parents: readonly { readonly kind: string; readonly id: string; readonly rel: string }[];
  readonly children: readonly { readonly kind: string; readonly id: string; readonly rel: string }[];
}
export interface Trail {
  readonly root: Item | null;
  readonly roots: readonly Item[];
  readonly chain: readonly Item[];
  readonly items: readonly Tied[];
  readonly events: readonly Event[];
  readonly complete: boolean;
}

export const listed = async <T>(api: Api, path: string): Promise<readonly T[]> =>
  (await api.get<{ items: readonly T[] }>(path)).items;

/** Every event of one item that this person may see, oldest first. */
export const eventsOf = (api: Api, subject: string): Promise<readonly Event[]> =>
  listed<Event>(api, `/v1/audit?subject=${subject}&limit=1000`);

export interface Refused {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
  readonly fields?: readonly { readonly field: string; readonly problem: string }[];
  readonly [member: string]: unknown;
}

/** The problem in an answer, in the one shape that every no has. */
export async function refusal(asked: Promise<Response> | Response): Promise<Refused> {
  const response = await asked;
  const text = await response.text();
  expect(response.headers.get('content-type'), text).toBe('application/problem+json');
  const problem = JSON.parse(text) as Refused & { type: string; title: string };
  expect(problem.status).toBe(response.status);
  expect(problem.type).toMatch(new RegExp(`[:/]${problem.code}$`));
  expect(problem.requestId).toBe(response.headers.get('x-request-id'));
  expect(problem.detail.length).toBeGreaterThan(10);
  return problem;
}
