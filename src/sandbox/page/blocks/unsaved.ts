type Commit = () => Promise<unknown>;

const fields = new Map<Element, Commit>();
const underway = new Set<Promise<unknown>>();

/** Makes a text field known to `commitFields`; gives back what forgets it. */
export const registerField = (field: Element, commit: Commit): (() => void) => {
  fields.set(field, commit);
  return () => fields.delete(field);
};

/** Notes that a value is on its way to the workspace. */
export const onItsWay = <T>(sending: Promise<T>): Promise<T> => {
  const settled = sending.finally(() => underway.delete(settled));
  underway.add(settled);
  return settled;
};

/**
 * Writes what was typed but not yet left into the text fields below a root, and waits until every value that is on
 * its way has arrived. Call it before a form is submitted.
 */
export const commitFields = async (root: ParentNode): Promise<void> => {
  const below = [...fields].filter(([field]) => root.contains(field));
  await Promise.allSettled(below.map(([, commit]) => commit()));
  await Promise.allSettled(underway);
};
