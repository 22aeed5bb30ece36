/** What an entry may name as evidence: files that are stored. Whoever is away from the server brings them later. */
import { refuse, type Refusal } from './refusal.ts';

export function unlessStored(names: readonly string[], stored: readonly string[]): Refusal | undefined {
  const missing = names.filter((name) => !stored.includes(name));
  if (!missing.length) return undefined;
  return refuse(
    'unknown-reference',
    'Upload the evidence first (PUT /v1/files/{sha256}); these files are not stored yet.',
    { fields: missing.map((name) => ({ field: '/evidence', problem: `${name} is not stored` })) },
  );
}
