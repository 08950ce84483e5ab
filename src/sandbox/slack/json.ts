/** A JSON object whose members have not been looked at yet. */
export type JsonObject = Record<string, unknown>;

/** True for plain JSON objects: neither null nor a list. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects among a value's items; an empty list when the value is no list. */
export const objectsOf = (value: unknown): JsonObject[] =>
  Array.isArray(value) ? value.filter((item) => isObject(item)) : [];

/** A member that must be text, else the fallback. */
export const textOf = (value: unknown, fallback = ''): string =>
  typeof value === 'string' ? value : fallback;

/** The value of a JSON text; `undefined` when it is no JSON. */
export const parseJson = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
};

/** A copy that shares nothing with the original. */
export const copyOf = <T>(value: T): T => structuredClone(value);
