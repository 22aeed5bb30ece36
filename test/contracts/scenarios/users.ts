/** A person leaves, and comes back. */
import type { Scenario } from './scenario.ts';

export const users: readonly Scenario[] = [
  {
    title: 'A supervisor does not deactivate a person',
    route: 'POST /v1/users/{id}/deactivate',
    id: '{nia.id}',
    by: 'ana',
    body: { reason: 'Left' },
    status: 403,
    answer: { code: 'role-not-allowed' },
  },
  {
    title: 'A person leaves, with a reason',
    route: 'POST /v1/users/{id}/deactivate',
    id: '{nia.id}',
    by: 'admin',
    body: { reason: 'Left the company' },
    status: 200,
    events: ['user.deactivated'],
  },
  {
    title: 'A person who has left gets no token',
    route: 'POST /v1/tokens',
    by: 'admin',
    body: { role: 'operator', user: '{nia.id}' },
    status: 409,
    answer: { code: 'transition-not-allowed' },
  },
  {
    title: 'A person comes back',
    route: 'POST /v1/users/{id}/reactivate',
    id: '{nia.id}',
    by: 'admin',
    body: { reason: 'Came back' },
    status: 200,
    answer: { leftAt: null },
    events: ['user.reactivated'],
  },
];
