/** What a verdict looks at beside the alarm itself: settings, windows, floods, causes. Read in rounds, for each depends on the one before. */
import { type Read, type Row, select } from '../../kernel/read.ts';
import { pathsUp } from '../../kernel/record.ts';
import { isWithin } from '../../kernel/roles.ts';
import type { AreaState } from '../areas/contract.ts';
import { openFloodsOver, type IncidentState } from '../incidents/contract.ts';
import type { IntegrationState } from '../integrations/contract.ts';
import { windowsOver, type WindowState } from '../windows/contract.ts';
import {
  announcedSince,
  type Announcement,
  type ConditionState,
  type Settings,
  type Suppression,
  tuned,
} from './contract.ts';
import { areaAround, type Place } from './place.ts';
import type { Around } from './rules/rule.ts';
import { follows } from './rules/suppressed.ts';

const MINUTE = 60_000;

/** Whatever the rounds have brought so far, by name. */
export type Seen = Readonly<Record<string, unknown>>;
type Reads = Readonly<Record<string, Read>>;

export interface Subjected {
  readonly occurrence: string | null;
  readonly conditionKey: string;
  readonly integration: string | null;
  readonly now: number;
}

export const areasOver = (path: string | null): Read<readonly Row<AreaState>[]> =>
  select('areas', { where: { path: { in: path === null ? [] : pathsUp(path) } } });

/** An integration's settings are about its signals; what floods and what follows from what is the plant's to say. */
function settingsFrom(areas: readonly Row<AreaState>[], integrations: readonly Row<IntegrationState>[]): Settings {
  const upward = [...areas].sort((a, b) => a.value.path.length - b.value.path.length);
  const own = integrations[0]?.value.alarms ?? undefined;
  const { flood: _flood, suppress: _suppress, ...signals } = own ?? {};
  return tuned(...upward.map(({ value }) => value.alarms), signals);
}

const listed = <T>(seen: Seen, name: string): readonly Row<T>[] => (seen[name] ?? []) as readonly Row<T>[];
const outermost = ({ equipment, area }: Place): string | null => equipment ?? area;

/** First round. */
export const settingsReads = (place: Place, integration: string | null): Reads => ({
  areas: areasOver(outermost(place)),
  integration: select('integrations', { where: { key: integration } }),
});
export const settingsSeen = (seen: Seen): Settings => settingsFrom(listed(seen, 'areas'), listed(seen, 'integration'));

/** An alarm without an area belongs where its equipment stands. */
export function settled(place: Place, seen: Seen): Place {
  if (place.area !== null || place.equipment === null) return place;
  const areas = listed<AreaState>(seen, 'areas').map(({ value }) => value.path);
  return { ...place, area: areaAround(place.equipment, areas) };
}

const positionOf = ({ area }: Place, seen: Seen): string | null =>
  area === null
    ? null
    : (listed<AreaState>(seen, 'areas')
        .map(({ value }) => value.path)
        .filter((path) => isWithin(area, path))
        .sort((a, b) => b.length - a.length)[0] ?? area);

/** Second round, once the settings are known. */
export function aroundReads(place: Place, it: Subjected, seen: Seen): Reads {
  const { area } = place;
  const position = positionOf(place, seen);
  const outer = outermost(place);
  const { flood, suppress } = settingsSeen(seen);
  return {
    windows: windowsOver(outer === null ? [] : pathsUp(outer)),
    floods: openFloodsOver(area === null ? [] : pathsUp(area)),
    announced: announcedSince(position === null ? [] : [position], it.now - flood.minutes * MINUTE, flood.start),
    ...Object.fromEntries(
      suppress.flatMap((rule, i) =>
        follows(rule, { conditionKey: it.conditionKey, equipment: place.equipment })
          ? [[`cause-${i}`, causesOf(rule.when)]]
          : [],
      ),
    ),
  };
}

const causesOf = (when: Suppression['when']) =>
  select<ConditionState>('alarms', {
    where: {
      active: 1,
      ...(when.equipment === undefined ? {} : { equipment: { within: [when.equipment] } }),
      ...(when.conditionKey === undefined ? {} : { conditionKey: when.conditionKey }),
    },
    order: 'oldest',
    limit: 2,
  });

export function aroundSeen(place: Place, { occurrence }: Subjected, seen: Seen): Around {
  const settings = settingsSeen(seen);
  return {
    settings,
    position: positionOf(place, seen),
    windows: listed<WindowState>(seen, 'windows').map(({ value }) => value),
    floods: listed<IncidentState>(seen, 'floods')
      .map(({ value }) => value)
      .filter(({ status }) => status === 'open'),
    announced: listed<Announcement>(seen, 'announced').filter(({ key }) => key !== occurrence).length,
    causes: settings.suppress.map(({ reason }, i) => ({ reason, active: listed<ConditionState>(seen, `cause-${i}`) })),
  };
}
