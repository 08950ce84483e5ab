import { percentEncode } from './percent-encode.ts';

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new RangeError('A path for the cloud is not properly percent-encoded.');
  }
}

/**
 * The path as it is signed: each segment decoded, then encoded, and always with a slash at the end, although
 * the request itself is sent without one.
 * @param path absolute path, encoded or not
 */
export function canonicalUri(path: string): string {
  const encoded = path
    .split('/')
    .map((segment) => percentEncode(decoded(segment)))
    .join('/');
  return encoded.endsWith('/') ? encoded : `${encoded}/`;
}
