/**
 * `X-Sdk-Date`: UTC, `YYYYMMDDTHHMMSSZ`. The gateway accepts 15 minutes of difference either way.
 * @param at milliseconds since the epoch
 */
export function sdkDate(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}|[-:]/g, '');
}
