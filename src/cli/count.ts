const digits = new Intl.NumberFormat('en-US');

/** "no facts", "1 fact", "12,345 facts". */
export const count = (number: number, noun: string): string =>
  `${number === 0 ? 'no' : digits.format(number)} ${noun}${number === 1 ? '' : 's'}`;
