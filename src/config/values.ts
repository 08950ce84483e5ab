import { z } from 'zod';
import type { ApproverRule } from '../domain/approvers.ts';
import { folded } from '../domain/folded.ts';
import { Secret } from '../domain/secret.ts';

/** Forms of single values: each reads the text of one environment variable. */
export type Value<T> = z.ZodType<T, string>;

const text = z.string().trim();

/** Printable ASCII without blanks; may be narrowed by `form`. The text itself never leaves the wrapper. */
export const secret = (form: RegExp = /^/): Value<Secret> =>
  z
    .string()
    .regex(/^[\x21-\x7e]+$/)
    .regex(form)
    .transform((value) => new Secret(value));

/** An audit key: any characters but a comma, because it will once stand in the list of old keys. */
const auditKeyText = z
  .string()
  .min(32)
  .regex(/^[^\s,](?:[^,]*[^\s,])?$/);

export const auditKey: Value<Secret> = auditKeyText.transform((value) => new Secret(value));

const listOf = <T>(entry: Value<T>): Value<T[]> =>
  text
    .transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(entry));

export const auditKeys: Value<Secret[]> = listOf(auditKey);

/** One or more, none of them empty: the n-th belongs to the n-th of another variable. */
const paired = <T>(entry: Value<T>): Value<T[]> =>
  text.transform((value) => value.split(',').map((part) => part.trim())).pipe(z.array(entry));

const keyText = z.string().regex(/^[\x21-\x7e]+$/);

export const accessKeyIds: Value<string[]> = paired(keyText);

export const accessKeySecrets: Value<Secret[]> = paired(keyText.transform((value) => new Secret(value)));

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

const approverId = z.string().regex(/^[UWS][A-Z0-9]{2,}$/);

/** A comma means or; `S1+S2` one different person from each. At least one name. */
export const approverRule: Value<ApproverRule> = listOf(
  z
    .string()
    .transform((part) => part.split('+').map((id) => id.trim()))
    .pipe(z.array(approverId))
    .refine((ids) => new Set(ids).size === ids.length),
)
  .refine((parts) => parts.length > 0)
  .transform((parts) => ({
    anyone: distinct(parts.flatMap((ids) => (ids.length === 1 ? ids : []))),
    together: parts.filter((ids) => ids.length > 1),
  }));

/** Slack users and user groups; may be none. */
export const slackIds: Value<string[]> = listOf(approverId).transform(distinct);

/** Slack users and user groups; at least one. */
export const staffIds: Value<string[]> = slackIds.refine((ids) => ids.length > 0);

/** Ids, names and e-mails, as they are compared. */
export const names: Value<string[]> = listOf(z.string().transform(folded)).transform(distinct);

export const matching = (form: RegExp): Value<string> => text.regex(form);

export const oneOf = <const T extends string>(words: readonly T[]): Value<T> => text.pipe(z.enum(words));

export const wholeNumber = (lowest: number, highest: number): Value<number> =>
  text
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(lowest).max(highest));

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Longer waits do not fit into a timer of Node (2^31 - 1 ms). */
const longestDays = 24;

/** A duration in ms from a whole number and a unit: `90s`, `5m`, `1h`, `2d`. */
export const duration: Value<number> = text
  .regex(/^\d{1,9}[smhd]$/)
  .transform((value) => {
    const unit = z.enum(['s', 'm', 'h', 'd']).parse(value.at(-1));
    return Number(value.slice(0, -1)) * unitMs[unit];
  })
  .pipe(
    z
      .number()
      .min(1000)
      .max(longestDays * unitMs.d),
  );

/** A duration in ms, or 0. */
export const durationOrNone: Value<number> = z.union([text.regex(/^0$/).transform(() => 0), duration]);

/** Durations in the order of time, each once; none for `0` or no text. */
export const durations: Value<number[]> = text
  .transform((value) => (value === '0' ? '' : value))
  .pipe(listOf(duration))
  .transform((times) => distinct(times).sort((a, b) => a - b));

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether a base URL leads to this machine. */
export const isLoopback = (url: string): boolean => loopback.test(new URL(url).hostname);

const isBaseUrl = (value: string): boolean => {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  const bare = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return bare && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(value)));
};

/** `https:` without user info, query and fragment, or `http:` on loopback. */
export const baseUrl: Value<string> = text.refine(isBaseUrl);

const projectEntry = z
  .string()
  .regex(/^[a-z0-9-]{1,64}=[A-Za-z0-9-]{1,64}$/)
  .transform((entry) => {
    const [region = '', id = ''] = entry.split('=');
    return { region, id };
  });

/** `region=project_id,…`; a project belongs to one region, so no id comes twice. */
export const projects: Value<{ region: string; id: string }[]> = listOf(projectEntry).refine(
  (entries) => new Set(entries.map(({ id }) => id)).size === entries.length,
);
