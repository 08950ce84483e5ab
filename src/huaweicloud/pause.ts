/** A stretch of time in which a host is left alone, in milliseconds since the epoch. */
export interface Pause {
  readonly from: number;
  readonly until: number;
}

/**
 * When it ends, seen from now; 0 when it is over. It is over too when the clock was set back to before its beginning:
 * rather one call too early than none for as long as the clock was wrong.
 */
export const endOf = ({ from, until }: Pause, now: number): number =>
  now < from || until <= now ? 0 : until;
