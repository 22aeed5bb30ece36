/** People leave and come back; while they are gone, nothing opens for them. */
import { describe, expect, test } from 'vitest';
import type { UserState } from '../../shared/features/users/contract.ts';
import { token, user } from '../kit/ask.ts';
import { anOrganisation, by, given } from '../kit/given.ts';
import { EVERYBODY, host, marek, root } from '../kit/people.ts';
import { createPlant } from '../kit/plant.ts';

const marekHere = user(marek.id);
const goes = marekHere.deactivate({ reason: 'Left the company' });
const returns = marekHere.reactivate({ reason: 'Came back' });

describe('[L14] deactivating a person', () => {
  for (const [role, whom] of Object.entries(EVERYBODY)) {
    const may = whom === root || whom === host;
    test(`is ${may ? '' : 'not '}for ${role}`, async () => {
      const plant = await createPlant().run(anOrganisation());
      for (const asked of [goes, returns]) {
        const outcome = await plant.ask(asked.by(whom));
        if (may) expect(outcome.outcome).toBe('accepted');
        else expect(outcome).toMatchObject({ refusal: { refused: 'role-not-allowed' } });
      }
    });
  }
});

test('the position at which a person left is kept, and taken back', async () => {
  const plant = await createPlant().run(anOrganisation(), goes.by(root));
  const { people } = plant.register;
  expect(people!.people!(await plant.state<UserState>(marekHere))).toBe(await plant.head());
  await plant.must(returns.by(root));
  expect(people!.people!(await plant.state<UserState>(marekHere))).toBeNull();
});
test('[L7] nobody leaves twice', () =>
  given(anOrganisation(), goes.by(root)).when(goes, by(root)).refused('transition-not-allowed'));
test('[L7] nobody comes back who is here', () =>
  given(anOrganisation()).when(returns, by(root)).refused('transition-not-allowed'));
test('[L7] an admin does not lock the door from inside', () =>
  given(anOrganisation())
    .when(user(root.id).deactivate({ reason: 'Enough' }), by(root))
    .refused('same-person'));
test('[L7] it takes a reason', () =>
  given(anOrganisation()).when(marekHere.deactivate({}), by(root)).refused('invalid-input'));
test('[L10] a person who has left gets no new token', () =>
  given(anOrganisation(), goes.by(root))
    .when(token('k').create({ user: marek.id, role: 'operator' }, { minted: { tokenHash: 'c'.repeat(64) } }), by(root))
    .refused('transition-not-allowed'));
