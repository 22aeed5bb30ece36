/** What came of an attempt; `isFinal`: trying again would change nothing. */
export type Delivered =
  | { readonly sent: true }
  | {
      readonly sent: false;
      readonly problem: string;
      readonly isFinal: boolean;
      readonly status?: number;
    };
