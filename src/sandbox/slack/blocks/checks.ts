import { isObject } from '../json.ts';

/** One thing wrong, in Slack's words, with the JSON pointer of the place. */
export interface Fault {
  readonly message: string;
  readonly pointer: string;
}

/** Where the blocks are going to stand, and what was found so far. */
export interface Inspection {
  readonly surface: 'message' | 'modal' | 'home';
  readonly faults: Fault[];
}

/** Looks at one value; adds what is wrong to the inspection. All faults are found, not only the first. */
export type Check = (value: unknown, pointer: string, inspection: Inspection) => void;

interface Field {
  readonly check: Check;
  readonly required: boolean;
}

export const need = (check: Check): Field => ({ check, required: true });
export const may = (check: Check): Field => ({ check, required: false });

export const report = (inspection: Inspection, message: string, pointer: string): void => {
  inspection.faults.push({ message, pointer });
};

/** Length in UTF-16 units: the strictest way to count characters. */
export const text =
  (max: number, min = 1): Check =>
  (value, pointer, inspection) => {
    if (typeof value !== 'string') return report(inspection, 'must provide a string', pointer);
    if (value.length > max) report(inspection, `must be less than ${max + 1} characters`, pointer);
    if (value.length < min) report(inspection, `must be more than ${min - 1} characters`, pointer);
  };

export const pattern =
  (form: RegExp, words: string): Check =>
  (value, pointer, inspection) => {
    if (typeof value !== 'string' || !form.test(value)) report(inspection, words, pointer);
  };

export const flag: Check = (value, pointer, inspection) => {
  if (typeof value !== 'boolean') report(inspection, 'must provide a boolean', pointer);
};

export const whole =
  (min: number, max: number): Check =>
  (value, pointer, inspection) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      return report(inspection, 'must provide an integer', pointer);
    }
    if (value < min) report(inspection, `must be greater than or equal to ${min}`, pointer);
    if (value > max) report(inspection, `must be less than or equal to ${max}`, pointer);
  };

export const oneOf =
  (...allowed: readonly string[]): Check =>
  (value, pointer, inspection) => {
    if (typeof value !== 'string' || !allowed.includes(value)) {
      report(inspection, 'must be a valid enum value', pointer);
    }
  };

export const list =
  (item: Check, max: number, min = 1): Check =>
  (value, pointer, inspection) => {
    if (!Array.isArray(value)) return report(inspection, 'must provide an array', pointer);
    if (value.length > max) report(inspection, `no more than ${max} items allowed`, pointer);
    if (value.length < min) report(inspection, `must provide at least ${min} items`, pointer);
    value.forEach((one, index) => {
      item(one, `${pointer}/${index}`, inspection);
    });
  };

/** An object with exactly these members (`type` is always allowed). */
export const shape =
  (fields: Readonly<Record<string, Field>>): Check =>
  (value, pointer, inspection) => {
    if (!isObject(value)) return report(inspection, 'must provide an object', pointer);
    for (const [name, field] of Object.entries(fields)) {
      if (value[name] !== undefined) field.check(value[name], `${pointer}/${name}`, inspection);
      else if (field.required) report(inspection, `missing required field: ${name}`, pointer);
    }
    for (const name of Object.keys(value)) {
      if (name !== 'type' && !(name in fields)) {
        report(inspection, `invalid additional property: ${name}`, pointer);
      }
    }
  };

/** Chooses the check by the value's `type`. */
export const byType =
  (table: Readonly<Record<string, Check>>): Check =>
  (value, pointer, inspection) => {
    if (!isObject(value)) return report(inspection, 'must provide an object', pointer);
    const { type } = value;
    if (typeof type !== 'string') return report(inspection, 'missing required field: type', pointer);
    const check = Object.hasOwn(table, type) ? table[type] : undefined;
    if (check === undefined) return report(inspection, `unsupported type: ${type}`, `${pointer}/type`);
    check(value, pointer, inspection);
  };

/** Several checks on one value. */
export const all =
  (...checks: readonly Check[]): Check =>
  (value, pointer, inspection) => {
    for (const check of checks) check(value, pointer, inspection);
  };

/** A rule over a whole object; returns what is wrong in words. Skipped for other values. */
export const rule =
  (find: (value: Record<string, unknown>) => string | undefined): Check =>
  (value, pointer, inspection) => {
    const message = isObject(value) ? find(value) : undefined;
    if (message !== undefined) report(inspection, message, pointer);
  };
