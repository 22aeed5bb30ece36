/** The linting of the directory's automatic review, with its own rules and nothing of our configuration: not one finding may remain. */
import { ESLint, type Linter } from 'eslint';
import obsidianmd from 'eslint-plugin-obsidianmd';

/** `plugin/main.ts:12 rule: sentence`, warnings too. */
export async function findingsIn(root: string, paths: readonly string[]): Promise<readonly string[]> {
  const eslint = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    overrideConfig: [
      { linterOptions: { reportUnusedDisableDirectives: 'error' } },
      ...[...(obsidianmd.configs?.['recommended'] as Iterable<Linter.Config>)],
      { files: ['**/*.ts'], languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } } },
    ],
  });
  const known = await Promise.all(paths.map(async (path) => ((await eslint.isPathIgnored(path)) ? [] : [path])));
  const results = await eslint.lintFiles(known.flat());
  return results.flatMap(({ filePath, messages }) =>
    messages.map(
      ({ line, ruleId, message }) =>
        `${filePath.slice(root.length + 1)}:${line} ${ruleId ?? 'unreadable'}: ${message.split('\n')[0]!}`,
    ),
  );
}
