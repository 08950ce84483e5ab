import type { ShownMessage } from '../wire.ts';

/** ms since the epoch of a Slack time stamp. */
export const timeOf = (ts: string): number => Number(ts) * 1_000;

/** Ephemeral messages last as long as the window: those from before it was opened are gone, as in Slack. */
export const isGoneByNow = ({ onlyYou, ts }: ShownMessage, opened = performance.timeOrigin): boolean =>
  onlyYou && timeOf(ts) < opened;
