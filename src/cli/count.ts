import { grouped } from '../domain/measure-words.ts';

/** "no facts", "1 fact", "12,345 facts". */
export const count = (number: number, noun: string): string =>
  `${number === 0 ? 'no' : grouped(number)} ${noun}${number === 1 ? '' : 's'}`;
