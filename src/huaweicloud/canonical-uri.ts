import { percentEncode } from './percent-encode.ts';

/** Nothing in it is encoded or has to be, as in all paths that are made of ids. */
const AS_IT_IS = /^[A-Za-z0-9\-_.~/]*$/;

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new RangeError('A path for the cloud is not properly percent-encoded.');
  }
}

function recoded(segment: string): string {
  return percentEncode(decoded(segment));
}

/**
 * The path as it is signed: each segment decoded, then encoded, and always with a slash at the end, although
 * the request itself is sent without one.
 * @param path absolute path, encoded or not
 */
export function canonicalUri(path: string): string {
  const encoded = AS_IT_IS.test(path) ? path : path.split('/').map(recoded).join('/');
  return encoded.endsWith('/') ? encoded : `${encoded}/`;
}
