/** Whether the suite can run on this machine, and what to say where it cannot. */

export interface Probes {
  /** Why what Obsidian is downloaded from cannot be reached, if so. */
  readonly obsidian: () => Promise<string | undefined>;
  /** The same of the registry that the packages come from. */
  readonly registry: () => Promise<string | undefined>;
  readonly missing: readonly string[];
}

export interface Standing {
  readonly runs: boolean;
  readonly says: string;
  /** Zero only where no network is to blame on us. */
  readonly exitCode: 0 | 1;
}

export async function standing({ obsidian, registry, missing }: Probes): Promise<Standing> {
  const farApp = await obsidian();
  if (farApp !== undefined)
    return { runs: false, exitCode: 0, says: `not run: Obsidian cannot be downloaded here (${farApp}).` };
  if (missing.length === 0) return { runs: true, exitCode: 0, says: 'Obsidian can be downloaded; the suite runs.' };
  const farRegistry = await registry();
  if (farRegistry !== undefined)
    return { runs: false, exitCode: 0, says: `not run: the npm registry cannot be reached (${farRegistry}).` };
  return {
    runs: false,
    exitCode: 1,
    says: `not run: install first what the suite needs (it is not kept in package.json):\n  npm install --no-save ${missing.join(' ')}`,
  };
}
