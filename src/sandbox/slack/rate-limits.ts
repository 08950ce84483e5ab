/** Posts into one channel that may come at once before one a second holds; Slack does not publish its burst. */
const POST_BURST = 5;

export interface RateLimits {
  /** Seconds to wait; 0 when the call may pass (and is counted). */
  take(method: string, perMinute: number | undefined, channel: string): number;
}

/** Leaky buckets: one per method, and one per channel for chat.postMessage. */
export const createRateLimits = (now: () => number): RateLimits => {
  const buckets = new Map<string, { level: number; at: number }>();
  const pour = (key: string, size: number, perSecond: number): number => {
    const bucket = buckets.get(key) ?? { level: 0, at: now() };
    const level = Math.max(0, bucket.level - ((now() - bucket.at) / 1000) * perSecond);
    const full = level + 1 > size;
    buckets.set(key, { level: full ? level : level + 1, at: now() });
    return full ? Math.max(1, Math.ceil((level + 1 - size) / perSecond)) : 0;
  };
  return {
    take: (method, perMinute, channel) => {
      if (method === 'chat.postMessage') return pour(`${method} ${channel}`, POST_BURST, 1);
      return perMinute === undefined ? 0 : pour(method, perMinute, perMinute / 60);
    },
  };
};
