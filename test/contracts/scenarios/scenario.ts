/** One line of the day: who asks what, what comes back, and which events it leaves. */
export type Who = 'ana' | 'tom' | 'dana' | 'marek' | 'ben' | 'aude' | 'admin' | 'scada' | 'nobody';

/** What earlier answers are called: `{pump.id}` in a path, or as a whole value in a body, is filled from them. */
export interface Scenario {
  readonly title: string;
  readonly route: string;
  readonly by: Who;
  /** The path as it is asked for, when it has places to fill. */
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
