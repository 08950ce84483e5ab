/** Lets everything that is waiting have its turn: deliveries, answers, timers. */
export const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
