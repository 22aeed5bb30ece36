/** Equipment: the plant as a tree of places and machines (ISA-95), and what senders call them. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { areaPath, asked, line, slug, uuid } from '../../kernel/schema.ts';

export const level = z.enum(['site', 'area', 'line', 'unit', 'module']);
export const criticality = z.enum(['A', 'B', 'C']);
/** A tag, a path of the PLC, a unit of the MES: whatever a sender calls it. */
const alias = line(400);
const aliases = z.array(alias).max(200);

const description = {
  path: asked(areaPath, { label: 'Place' }),
  level,
  name: line(120),
  aliases: aliases.default([]).meta({ description: 'Names and tags by which senders speak of it' }),
  externalIds: z
    .record(slug, line(120))
    .default({})
    .meta({ description: 'What other systems call it, by system', example: { sap: '10004711' } }),
  criticality: criticality.default('B'),
};

export const commands = {
  create: command(description, { permission: 'config.write', creates: true, title: 'Create equipment' }),
  rename: command({ name: line(120) }, { permission: 'config.write', title: 'Rename equipment' }),
  alias: command(
    { add: aliases.default([]), remove: aliases.default([]) },
    { permission: 'config.write', title: 'Change aliases of equipment' },
  ),
} as const;

export const events = {
  'equipment.created': event(description),
  'equipment.renamed': event({ name: z.string() }),
  'equipment.aliased': event({ added: z.array(z.string()), removed: z.array(z.string()) }),
} as const;

export interface EquipmentState {
  readonly path: string;
  readonly level: z.output<typeof level>;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly externalIds: Readonly<Record<string, string>>;
  readonly criticality: z.output<typeof criticality>;
}

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  path: z.string(),
  level,
  name: z.string(),
  aliases: z.array(z.string()),
  externalIds: z.record(z.string(), z.string()),
  criticality,
});

/** What a name leads to; `path` is null where it leads to nothing any more. */
export interface Alias {
  readonly equipment: string;
  readonly path: string | null;
  readonly called: string;
}

/** Senders do not agree on capitals. */
export const folded = (name: string): string => name.trim().toLowerCase();

/** Equipment by its paths or by any of its aliases. */
export const equipmentCalled = (names: readonly string[]): Read<readonly Row<Alias>[]> =>
  select('equipment_aliases', { where: { key: { in: [...new Set(names.map(folded))] } } });
