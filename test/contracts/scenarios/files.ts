/** Files that come in pieces; how the pieces go on after a cut is shown in the journey of uploads. After `work`, which stores the photo. */
import type { Scenario } from './scenario.ts';

export const files: readonly Scenario[] = [
  {
    title: 'A device asks whether a photo is stored',
    route: 'HEAD /v1/files/{sha256}',
    id: '{photo}',
    by: 'marek',
    status: 200,
  },
  {
    title: 'of which nothing is there yet',
    route: 'HEAD /v1/files/{sha256}',
    path: `/v1/files/${'0'.repeat(64)}`,
    by: 'marek',
    status: 404,
  },
  {
    title: 'A piece that does not say what it is a piece of',
    route: 'PATCH /v1/files/{sha256}',
    id: '{photo}',
    by: 'marek',
    file: 'a pho',
    status: 415,
    answer: { code: 'unsupported-media-type' },
  },
  {
    title: 'An auditor brings no evidence',
    route: 'PATCH /v1/files/{sha256}',
    id: '{photo}',
    by: 'aude',
    file: 'a pho',
    status: 403,
    answer: { code: 'role-not-allowed' },
  },
];
