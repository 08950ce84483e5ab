/**
 * Goes through all stages in order, whatever failed in those before. The parts of one are begun together and waited for.
 * @throws {AggregateError} once all are over, when a part has failed
 */
export const throughAll = async (stages: readonly (() => readonly Promise<unknown>[])[]): Promise<void> => {
  const failures: unknown[] = [];
  for (const begin of stages) {
    for (const part of await Promise.allSettled(begin())) {
      if (part.status === 'rejected') failures.push(part.reason);
    }
  }
  const words = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure)));
  if (failures.length > 0) throw new AggregateError(failures, words.join('; '));
};
