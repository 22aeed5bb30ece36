/** What people read in the form of every command: words of the trade, none of the wire's. */
import { describe, expect, test } from 'vitest';
import { fieldsOf, wordsOf, type Field } from '../../plugin/fields.ts';
import { isForPeople } from '../../plugin/verbs.ts';
import { features } from '../../shared/features/index.ts';
import { createRegister, type CommandEntry } from '../../shared/kernel/register.ts';

const register = createRegister(features);
const forms = [...register.commands.values()].filter(isForPeople);
const OF_THE_WIRE = /`|_|\b(?:slugs?|uuid|iso|json|seq|ids?|code|409)\b/i;
const OF_A_FIELD = /[a-z][A-Z]/;

const said = (field: Field): readonly string[] => [
  field.label,
  field.help,
  ...(field.kind === 'choice' ? field.choices.map(wordsOf) : []),
  ...(field.kind === 'rows' ? field.fields.flatMap(said) : []),
  ...(field.kind === 'either' ? field.forms.flatMap(said) : []),
];
const read = ({ word }: CommandEntry): readonly string[] => [
  word.title,
  word.answered ?? '',
  word.final ?? '',
  ...fieldsOf(word.input, register).flatMap(said),
];
const isWire = (text: string): boolean => OF_THE_WIRE.test(text) || OF_A_FIELD.test(text);

describe('forms', () => {
  test('no form shows a word of the wire: no backticks, slugs, ids, codes or names of fields', () => {
    const found = forms.flatMap((entry) =>
      read(entry)
        .filter(isWire)
        .map((text) => `${entry.type}: ${text}`),
    );
    expect(found).toEqual([]);
  });
  test('what the host knows is asked of nobody, and is said all the same', () => {
    const { input } = register.commands.get('shifts.readLate')!.word;
    expect(fieldsOf(input, register).map(({ key }) => key)).toEqual(['reason']);
    expect(input.safeParse({}).success).toBe(false);
  });
  test('a description for whoever reads the API stays as precise as it is', () => {
    const { input } = register.commands.get('tasks.create')!.word;
    expect(input.shape['area']!.meta()?.description).toBe('A path of slugs, `leeds/packaging/line-3`');
    expect(fieldsOf(input, register).find(({ key }) => key === 'area')?.help).toMatch(/^From the plant to the place/);
  });
  test('what nobody can take back says what it does', () => {
    const final = forms.filter(({ word }) => word.final !== undefined).map(({ type }) => type);
    expect(final).toEqual(
      expect.arrayContaining(['shifts.close', 'shifts.sign', 'shifts.seal', 'devices.writeOff', 'users.deactivate']),
    );
  });
});
