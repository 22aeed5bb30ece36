/** One line of the day: who asks what, what comes back, and which events it leaves. */
export type Who = 'ana' | 'tom' | 'dana' | 'marek' | 'ben' | 'aude' | 'admin' | 'scada' | 'erp' | 'nobody';

/** What earlier answers are called: `{pump.id}` in a path, or as a whole value in a body, is filled from them. */
export interface Scenario {
  readonly title: string;
  readonly route: string;
  readonly by: Who;
  /** What stands in the one place of the route. */
  readonly id?: string;
  /** The path as it is asked for, when it has more than that. */
  readonly path?: string;
  readonly body?: unknown;
  readonly file?: string;
  readonly status: number;
  readonly answer?: unknown;
  /** Types of all events that followed, the policies' too. */
  readonly events?: readonly string[];
  readonly keep?: string;
  /** Minutes that pass before. */
  readonly after?: number;
}
