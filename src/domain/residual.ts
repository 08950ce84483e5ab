import { z } from 'zod';
import type { Assignment, ReachByGroups } from './assignment.ts';
import type { Impact } from './facts.ts';
import { inTurns } from './in-turns.ts';
import { listAll } from './listing.ts';
import { countWords, longestMinutes, minutesWords, utcWords } from './measure-words.ts';
import { portalSessionsOf } from './portal-session.ts';
import { type Cloud, CloudFault, type Directory, type DirectoryGroup } from './ports.ts';
import { type KnownPrincipal, spokenAs, storeUser } from './principal.ts';
import { clip } from './text.ts';

/**
 * Residual access in sentences. Where another of our commands takes it away, the sentence ends with a colon and that
 * command, to be pasted: "…: /revoke-sessions mallory.finch".
 */
export type Sentences = readonly string[];

const unreadable = (what: string, { family, status }: CloudFault): string => {
  switch (family) {
    case 'not-reached':
    case 'too-late':
      return `${what} could not be read just now.`;
    case 'refused':
      return `${what} could not be read: the cloud refused it${status === undefined ? '' : ` (HTTP ${status})`}.`;
    case 'unexpected-answer':
      return `${what} could not be read: the cloud answered in a form that nobody agreed on.`;
    default:
      return family satisfies never;
  }
};

/**
 * What a reading tells, or that it could not be read: a review must not fail for what it only adds.
 * @param what a plural, the beginning of a sentence: "Portal sessions"
 */
export const orSaid = async (what: string, read: () => Promise<Sentences>): Promise<Sentences> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CloudFault) return [unreadable(what, error)];
    throw error;
  }
};

/** Portal sessions of a user that are live now, with the end of the last one. Never fails. */
export const portalSentences = (
  userId: string,
  user: KnownPrincipal,
  cloud: Cloud,
  directory: Directory,
): Promise<Sentences> =>
  orSaid('Portal sessions', async () => {
    const sessions = await portalSessionsOf(await storeUser(userId, directory), cloud);
    if (sessions.length === 0) return [];
    const ends = sessions.map((session) => session.session_not_valid_after);
    const last = ends.includes(undefined) ? undefined : Math.max(...ends.map((end) => end ?? 0));
    const live = countWords(sessions.length, 'portal session is', 'portal sessions are');
    return [`${live} live until ${utcWords(last)}: /revoke-sessions ${user.spoken}`];
  });

/** Up to so many permission sets are asked for one by one; for more the listing is read, 100 in a page. */
const askedOneByOne = 8;

const SetRow = z.object({ permission_set_id: z.string(), session_duration: z.string().nullish() });

/** Session durations of these permission sets; those that are not there any more count for nothing. */
const durationsOf = async (
  ids: ReadonlySet<string>,
  cloud: Cloud,
  directory: Directory,
): Promise<readonly string[]> => {
  if (ids.size <= askedOneByOne) {
    const sets = await inTurns([...ids], (id) => directory.permissionSet(id));
    return sets.flatMap((set) => set?.sessionDuration ?? []);
  }
  const { instanceId } = await directory.instance();
  const sets = await listAll(
    cloud,
    { service: 'identitycenter', path: ['v1', 'instances', instanceId, 'permission-sets'] },
    'permission_sets',
    SetRow,
  );
  return sets.filter((set) => ids.has(set.permission_set_id)).flatMap((set) => set.session_duration ?? []);
};

/** Console sessions that are open: what is said of them, and for how long (ms) the last one may live on. */
export interface Consoles {
  readonly sentences: Sentences;
  readonly life?: number;
}

/**
 * Console sessions live on for as long as their permission set says (huawei-cloud.md: `session_duration`).
 * @param durations ISO 8601 (`PT8H`)
 */
export const consolesFor = (durations: readonly string[]): Consoles => {
  const longest = longestMinutes(durations);
  if (longest === undefined) return { sentences: [] };
  const words = minutesWords(longest);
  return {
    sentences: [
      `Console sessions that are open live on: the last one ends at the latest ${words} after the revocation.`,
    ],
    life: longest * 60_000,
  };
};

/** {@link consolesFor} by the assignments behind the sessions. Never fails. */
export const consolesOf = async (
  rows: () => Promise<readonly Assignment[]>,
  cloud: Cloud,
  directory: Directory,
): Promise<Consoles> => {
  let consoles: Consoles = { sentences: [] };
  const sentences = await orSaid('Ends of console sessions', async () => {
    const ids = new Set((await rows()).map((row) => row.permission_set_id));
    consoles = consolesFor(await durationsOf(ids, cloud, directory));
    return consoles.sentences;
  });
  return { ...consoles, sentences };
};

/** The part of an impact that tells how long console sessions live on. */
export const outliving = ({ life }: Consoles): Pick<Impact, 'consoleLife'> =>
  life === undefined ? {} : { consoleLife: life };

/** A group in a sentence whose command names it too, and which must stay readable on a phone. */
export const groupWords = ({ displayName }: DirectoryGroup): string => `the group ${clip(displayName, 40)}`;

/** The command that takes a user out of a group. */
export const leaveCommand = (user: KnownPrincipal, group: DirectoryGroup): string =>
  `/revoke-membership ${user.spoken} ${spokenAs(group.displayName, group.id)}`;

/** Groups that are named in sentences of their own; the others are counted. */
export const groupsNamed = 5;

const staying = (count: number): string => countWords(count, 'grant stays', 'grants stay');

/** What groups give a user. */
export const groupSentences = ({ groups, unread }: ReachByGroups, user: KnownPrincipal): Sentences => {
  const giving = groups.filter(({ rows }) => rows.length > 0);
  const more = giving.slice(groupsNamed);
  const grantsOfMore = more.reduce((sum, { rows }) => sum + rows.length, 0);
  return [
    ...giving
      .slice(0, groupsNamed)
      .map(
        ({ group, rows }) =>
          `${staying(rows.length)} through ${groupWords(group)}: ${leaveCommand(user, group)}`,
      ),
    ...(more.length === 0
      ? []
      : [`${staying(grantsOfMore)} through ${countWords(more.length, 'more group')}.`]),
    ...(unread === 0
      ? []
      : [`${countWords(unread, 'more group was', 'more groups were')} not read and may grant access too.`]),
  ];
};

/** What members of a group keep; not read for each of them. */
export const membersKeep =
  'Members keep what they have themselves or through other groups, and their portal sessions stay live.';
