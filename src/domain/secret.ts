const SHOWN = '[secret]';

/**
 * A value that must not be printed: keys, tokens. Wrapped where it is read, revealed where it is used.
 * Templates, JSON, `console.log` and `util.inspect` show a placeholder.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    if (value === '') throw new RangeError('A secret must not be empty.');
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  /** The registered symbol instead of `util.inspect.custom`, so that this room needs nothing of Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return SHOWN;
  }
}
