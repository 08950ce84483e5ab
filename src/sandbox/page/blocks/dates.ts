/** Whose clock a moment is shown on. */
interface Clock {
  readonly timeZone: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const day = 86_400_000;

const partsOf = (ms: number, timeZone: string, options: Intl.DateTimeFormatOptions) => {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, ...options }).formatToParts(ms);
  return (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((part) => part.type === type)?.value ?? '';
};

const numeric = (ms: number, timeZone: string): string => {
  const part = partsOf(ms, timeZone, { year: 'numeric', month: '2-digit', day: '2-digit' });
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
};

const ordinal = (number: string): string => {
  const suffixes: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' };
  return number + (suffixes[new Intl.PluralRules('en', { type: 'ordinal' }).select(Number(number))] ?? 'th');
};

const pretty = (ms: number, { timeZone, now }: Clock): string | undefined => {
  const distance = (Date.parse(numeric(ms, timeZone)) - Date.parse(numeric(now, timeZone))) / day;
  return new Map([
    [-1, 'yesterday'],
    [0, 'today'],
    [1, 'tomorrow'],
  ]).get(distance);
};

const timeOf = (ms: number, timeZone: string, seconds: boolean): string =>
  new Intl.DateTimeFormat('en-US', {
    timeZone,
    hour: 'numeric',
    minute: '2-digit',
    ...(seconds && { second: '2-digit' }),
  })
    .format(ms)
    .replace('\u202f', ' ');

const spans: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * day],
  ['month', 30 * day],
  ['day', day],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

const ago = (ms: number, now: number): string => {
  const distance = ms - now;
  const [unit, size] =
    spans.find(([, length]) => Math.abs(distance) >= length) ?? (['second', 1_000] as const);
  return new Intl.RelativeTimeFormat('en').format(Math.trunc(distance / size), unit);
};

const written = (token: string, ms: number, clock: Clock): string | undefined => {
  const { timeZone, now } = clock;
  const part = partsOf(ms, timeZone, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });
  const monthAndDay = `${part('month')} ${ordinal(part('day'))}`;
  const date = `${monthAndDay}, ${part('year')}`;
  const short = `${partsOf(ms, timeZone, { month: 'short' })('month')} ${part('day')}, ${part('year')}`;
  const long = `${part('weekday')}, ${date}`;
  switch (token) {
    case 'date_num':
      return numeric(ms, timeZone);
    case 'date':
      return date;
    case 'date_short':
      return short;
    case 'date_long':
      return long;
    case 'date_pretty':
      return pretty(ms, clock) ?? date;
    case 'date_short_pretty':
      return pretty(ms, clock) ?? short;
    case 'date_long_pretty':
      return pretty(ms, clock) ?? long;
    case 'day_divider_pretty':
      return pretty(ms, clock) ?? `${part('weekday')}, ${monthAndDay}`;
    case 'time':
      return timeOf(ms, timeZone, false);
    case 'time_secs':
      return timeOf(ms, timeZone, true);
    case 'ago':
      return ago(ms, now);
    default:
      return undefined;
  }
};

/** A moment in Slack's date format (`{date_short} at {time}`); the fallback where it cannot be shown. */
export const dateText = (timestamp: number, format: string, fallback: string, clock: Clock): string => {
  const ms = timestamp * 1000;
  if (Number.isNaN(new Date(ms).getTime())) return fallback;
  return format.replace(/\{(\w+)\}/g, (whole, token: string) => written(token, ms, clock) ?? whole);
};
