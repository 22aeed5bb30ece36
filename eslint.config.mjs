/** Types are linted everywhere; what the plugin is made of also keeps to Obsidian's own rules, which its review runs too (no rule of theirs is off). */
import js from '@eslint/js';
import obsidianmd from 'eslint-plugin-obsidianmd';
import tseslint from 'typescript-eslint';

const plugin = ['plugin/**/*.ts', 'shared/**/*.ts'];
const typed = ['shared/**/*.ts', 'server/**/*.ts', 'plugin/**/*.ts', 'test/**/*.ts', '*.ts'];

export default tseslint.config(
  {
    ignores: [
      'node_modules/',
      'main.js',
      'release/',
      '.obsidian-cache/',
      'data/',
      'demo-data/',
      'demo-vault/',
      'coverage/',
      'test/vectors/',
      'test/golden/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { ...js.configs.recommended, files: typed },
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: typed })),
  {
    files: typed,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // The ledger port is asynchronous on purpose, whatever its adapter is.
      '@typescript-eslint/require-await': 'off',
      // Our ports are objects of closures; where Obsidian's review looks, the rule is on.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: plugin, rules: { '@typescript-eslint/unbound-method': 'error' } },
  {
    // A test asserts on the shape of what came back over a wire.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // The stand-in shows what Obsidian shows, and calls back as Obsidian does, whatever it is given.
    files: ['test/browser/harness/runtime/**/*.ts'],
    rules: {
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-misused-promises': 'off',
    },
  },
  ...[...obsidianmd.configs.recommended].map((config) => ({
    ...config,
    files: config.files?.some((file) => String(file).includes('json')) ? config.files : plugin,
  })),
);
