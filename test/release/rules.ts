/** What a release of the plugin has to be before anybody gets it: Obsidian's rules for its directory, and our own promises. */

export interface Release {
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly packageVersion: string;
  readonly changelog: string;
  readonly readme: string;
  readonly license: string;
  /** `main.js`, as built. */
  readonly bundle: string;
  readonly budget: number;
}

type Rule = (release: Release) => readonly string[];
const unless = (holds: boolean, sentence: string): readonly string[] => (holds ? [] : [sentence]);

const KEYS = ['author', 'minAppVersion', 'name', 'version', 'id', 'description', 'isDesktopOnly'];
const OPTIONAL = ['authorUrl', 'fundingUrl'];

const manifestKeys: Rule = ({ manifest }) => [
  ...KEYS.filter((key) => !(key in manifest)).map((key) => `manifest.json lacks ${key}.`),
  ...Object.keys(manifest)
    .filter((key) => ![...KEYS, ...OPTIONAL].includes(key))
    .map((key) => `manifest.json has ${key}, which the directory does not take.`),
];

const names: Rule = ({ manifest: { id, name } }) => [
  ...unless(
    /^[a-z]+(?:-[a-z]+)*$/.test(String(id)) && !/plugin$|obsidian/.test(String(id)),
    'The id is lowercase letters and hyphens, without "obsidian", not ending in "plugin".',
  ),
  ...unless(!/obsidian|plugin/i.test(String(name)), 'The name says neither "Obsidian" nor "Plugin".'),
];

const description: Rule = ({ manifest }) => {
  const words = String(manifest['description']);
  return [
    ...unless(
      words.length >= 10 && words.length <= 250,
      `The description has ${words.length} characters, not 10 to 250.`,
    ),
    ...unless(/^\p{Lu}.*\.$/u.test(words), 'The description begins with a capital and ends with a full stop.'),
    ...unless(
      !/\p{Extended_Pictographic}|obsidian|plugin/iu.test(words),
      'The description has an emoji, or says "Obsidian" or "plugin".',
    ),
  ];
};

const versions: Rule = ({ manifest, versions, packageVersion, changelog }) => {
  const version = String(manifest['version']);
  return [
    ...unless(/^\d+\.\d+\.\d+$/.test(version), `The version ${version} is not x.y.z.`),
    ...unless(packageVersion === version, `package.json says ${packageVersion}, manifest.json ${version}.`),
    ...unless(
      versions[version] === manifest['minAppVersion'],
      `versions.json says ${versions[version] ?? 'nothing'} about ${version}, manifest.json ${String(manifest['minAppVersion'])}.`,
    ),
    ...unless(changelog.includes(`\n## ${version}\n`), `CHANGELOG.md says nothing about ${version}.`),
  ];
};

/** What the directory wants a README to say, each in words that we really use. */
const DISCLOSURES: readonly (readonly [what: string, words: RegExp])[] = [
  ['which server is contacted', /contacts the server whose address you set, and nothing else/],
  ['whether an account is needed', /No account/],
  ['what it costs', /no payment/],
  ['telemetry', /no telemetry/],
  ['what lies outside the notes', /in this\s+device's\s+database/],
  ['that it looks through the vault', /It reads the notes under `Operary\/`/],
];

const disclosures: Rule = ({ readme }) =>
  DISCLOSURES.filter(([, words]) => !words.test(readme)).map(([what]) => `README.md does not say ${what}.`);

const license: Rule = ({ license }) =>
  unless(
    license.startsWith('MIT License\n') && license.includes('Permission is hereby granted, free of charge'),
    'LICENSE is not recognised as the MIT licence.',
  );

const MAY_REQUIRE = /^(?:obsidian|@codemirror\/\w+|@lezer\/\w+)$/;
/** On phones there is no Node; their oldest engines know no lookbehind; what is evaluated cannot be reviewed. */
const REFUSED: readonly (readonly [what: string, sign: RegExp])[] = [
  ['a dynamic import', /\bimport\(/],
  ["Node's names of its modules", /["']node:\w/],
  ["Node's Buffer or folders", /\bBuffer\.|\b__dirname\b|\b__filename\b/],
  ['eval', /\bnew Function\b|(?<![.\w$])eval\(/],
  ['a lookbehind', /\(\?<[=!]/],
  ['a source map', /sourceMappingURL/],
];

const bundle: Rule = ({ bundle: text, budget }) => {
  const required = new Set([...text.matchAll(/\brequire\(\s*["'`]([^"'`]*)["'`]/g)].map(([, name]) => name!));
  return [
    ...[...required].filter((name) => !MAY_REQUIRE.test(name)).map((name) => `main.js requires ${name}.`),
    ...REFUSED.filter(([, sign]) => sign.test(text)).map(([what]) => `main.js contains ${what}.`),
    ...unless(
      Buffer.byteLength(text) <= budget,
      `main.js has ${Buffer.byteLength(text)} bytes; the budget is ${budget}.`,
    ),
  ];
};

const RULES: readonly Rule[] = [manifestKeys, names, description, versions, disclosures, license, bundle];

/** Each in one sentence; none when it may be released. */
export const faultsIn = (release: Release): readonly string[] => RULES.flatMap((rule) => rule(release));
