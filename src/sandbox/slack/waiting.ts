/** Lets callers wait for a change instead of sleeping. */
export interface Changes {
  changed(): void;
  onChange(listener: () => void): () => void;
  /**
   * Resolves with the first truthy answer of `probe`, which is asked now and after every change.
   * Rejects after `timeoutMs` real milliseconds; the error names `what` and what `scene` describes.
   */
  until<T>(what: string, probe: () => T | undefined | false, timeoutMs?: number): Promise<T>;
  close(): void;
}

/** @param scene what to add to the error of a wait that failed */
export const createChanges = (scene: () => string): Changes => {
  const listeners = new Set<() => void>();
  const waits = new Set<(reason: string) => void>();
  return {
    changed: () => {
      for (const listener of listeners) listener();
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    until: <T>(what: string, probe: () => T | undefined | false, timeoutMs = 20_000) =>
      new Promise<T>((resolve, reject) => {
        const end = () => {
          clearTimeout(timer);
          listeners.delete(ask);
          waits.delete(fail);
        };
        const fail = (reason: string) => {
          end();
          reject(new Error(`${reason} while waiting for ${what}\n${scene()}`));
        };
        const ask = () => {
          try {
            const found = probe();
            if (found === undefined || found === false) return;
            end();
            resolve(found);
          } catch (fault) {
            end();
            reject(fault instanceof Error ? fault : new Error(String(fault)));
          }
        };
        const timer = setTimeout(() => fail(`nothing within ${timeoutMs} ms`), timeoutMs);
        listeners.add(ask);
        waits.add(fail);
        ask();
      }),
    close: () => {
      for (const fail of waits) fail('the local Slack was closed');
      listeners.clear();
    },
  };
};
