/** Time between two beats, in ms. */
const interval = 1;

/** Processor time of this process, in ms. */
const worked = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/**
 * Watches how long nothing else can run in this process, in ms. Only time that it works counts, so that other
 * programs that take the processor away do not look like a block.
 */
export const startHeartbeat = () => {
  let last = performance.now();
  let before = worked();
  let longest = 0;
  const beat = () => {
    const [now, after] = [performance.now(), worked()];
    longest = Math.max(longest, Math.min(now - last - interval, after - before));
    [last, before] = [now, after];
  };
  const timer = setInterval(beat, interval);
  return {
    /** Ends it; the longest block. */
    stop: (): number => {
      beat();
      clearInterval(timer);
      return longest;
    },
  };
};
