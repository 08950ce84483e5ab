import { createHash } from 'node:crypto';

/** Lower-case hexadecimal text of `length` characters (at most 64) that is always the same for the same name. */
export const hexOf = (name: string, length: number): string =>
  createHash('sha256').update(name, 'utf8').digest('hex').slice(0, length);

/** A version 4 shaped UUID derived from a name: the form of user, group, membership and job ids. */
export const uuidOf = (name: string): string => {
  const hex = hexOf(name, 32);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
};
