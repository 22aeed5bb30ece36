/** What an entry may begin with, until people make beginnings of their own. */

export const handoverWords = {
  /** A name, a colon, the text; "…" is where somebody fills something in. */
  templates: [
    'Took over: Took over from …. Walked the area: …',
    'Line stopped: Line … stopped at …. Cause: …',
    'Line running: Line … running again, speed …',
    'Reading: … is … , limit …',
    'Staffing: … replaces … on …',
    'Agreed: Agreed with … : …',
  ],
} as const;
