/**
 * The first signal to stop. Imported before everything that takes its time to load: a signal that nobody takes kills the
 * process, and the first process of a container never gets it.
 */
export const stopSignal = new Promise<NodeJS.Signals>((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, resolve);
});
