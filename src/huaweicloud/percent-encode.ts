const LEFT_BY_THE_PLATFORM = /[!'()*]/g;

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/**
 * Percent-encodes UTF-8 with the unreserved set of the signing guide: `A-Z a-z 0-9 - _ . ~`, upper-case hex.
 * @throws {RangeError} when `text` holds half of a surrogate pair, which has no UTF-8 form
 */
export function percentEncode(text: string): string {
  try {
    return encodeURIComponent(text).replace(LEFT_BY_THE_PLATFORM, escaped);
  } catch {
    throw new RangeError('A text for the cloud holds half of a character (a lone surrogate).');
  }
}
