/**
 * `X-Sdk-Date`: UTC, `YYYYMMDDTHHMMSSZ`. The gateway accepts 15 minutes of difference either way.
 * @param at milliseconds since the epoch
 */
export function sdkDate(at: number): string {
  const iso = new Date(at).toISOString();
  const [date, time] = [iso.slice(0, 10), iso.slice(11, 19)];
  return `${date.replaceAll('-', '')}T${time.replaceAll(':', '')}Z`;
}
