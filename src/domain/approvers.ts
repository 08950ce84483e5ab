import { z } from 'zod';

const ids = z.array(z.string()).readonly();

/**
 * From whom approvals must come, as Slack user ids and user group ids. One of two must be fulfilled:
 * - enough different people out of all that `anyone` names, or
 * - one different person for each name in one of `together`, and enough people in all.
 */
export const ApproverRule = z.object({ anyone: ids, together: z.array(ids).readonly() });
export type ApproverRule = z.infer<typeof ApproverRule>;

/** Somebody who approves, with the names in the rule that they stand for: their own id, or groups they are in. */
export interface Seated {
  readonly user: string;
  readonly seats: readonly string[];
}

/** Whether a Slack id is that of a user group. */
export const isUserGroup = (id: string): boolean => id.startsWith('S');

/** Every id that the rule names, once. */
export const namedIn = ({ anyone, together }: ApproverRule): readonly string[] => [
  ...new Set([...anyone, ...together.flat()]),
];

/** How many people the rule asks for at the least, where `needed` approvals are needed. */
export const leastPeople = ({ anyone, together }: ApproverRule, needed: number): number =>
  Math.min(
    ...(anyone.length > 0 || together.length === 0 ? [needed] : []),
    ...together.map((names) => Math.max(needed, names.length)),
  );

/** Those of `people` who stand for any of these names. */
const standingFor = (names: readonly string[], people: readonly Seated[]): readonly Seated[] =>
  people.filter(({ seats }) => seats.some((seat) => names.includes(seat)));

/**
 * The names for which nobody is left when each is given a different person, as many as possible being filled
 * (a bipartite matching by augmenting paths).
 */
export const unfilled = (names: readonly string[], people: readonly Seated[]): readonly string[] => {
  const taken = new Map<string, string>();
  const seat = (name: string, tried: Set<string>): boolean =>
    people.some(({ user, seats }) => {
      if (!seats.includes(name) || tried.has(user)) return false;
      tried.add(user);
      const before = taken.get(user);
      if (before !== undefined && !seat(before, tried)) return false;
      taken.set(user, name);
      return true;
    });
  return names.filter((name) => !seat(name, new Set()));
};

/** What is missing until the rule is fulfilled in one of its ways. */
export interface Missing {
  /** People who must still approve. */
  readonly people: number;
  /** The names that one of them each must stand for; the others may stand for any in `among`. */
  readonly seats: readonly string[];
  readonly among: readonly string[];
}

const missingIn = (
  names: readonly string[],
  seats: readonly string[],
  needed: number,
  people: readonly Seated[],
): Missing => {
  const standing = standingFor(names, people);
  const empty = unfilled(seats, standing);
  const missing = Math.max(needed - standing.length, empty.length);
  if (missing > 1 || empty.length === 0) return { people: missing, seats: empty, among: names };
  // Who stands for several names makes room for the last one on any of them.
  const room = names.filter(
    (name) => unfilled(seats, [...standing, { user: '', seats: [name] }]).length === 0,
  );
  return room.length > 1
    ? { people: missing, seats: [], among: room }
    : { people: missing, seats: empty, among: names };
};

/**
 * The ways in which the rule can still be fulfilled, the shortest first; one with no people missing is fulfilled.
 * @param needed different people who must approve
 * @param people those who have approved, each once
 */
export const waysLeft = (
  { anyone, together }: ApproverRule,
  needed: number,
  people: readonly Seated[],
): readonly Missing[] =>
  [
    ...(anyone.length > 0 ? [missingIn(anyone, [], needed, people)] : []),
    ...together.map((names) => missingIn(names, names, needed, people)),
  ].toSorted((one, other) => one.people - other.people);

/** Whether these people are enough. */
export const isFulfilled = (rule: ApproverRule, needed: number, people: readonly Seated[]): boolean =>
  waysLeft(rule, needed, people).some((way) => way.people === 0);

const peopleMissing = (rule: ApproverRule, needed: number, people: readonly Seated[]): number =>
  waysLeft(rule, needed, people).reduce((sum, way) => sum + way.people, 0);

/** The names of which one more person would bring it further in some way. */
export const namesMissing = (
  rule: ApproverRule,
  needed: number,
  people: readonly Seated[],
): readonly string[] => {
  const missing = peopleMissing(rule, needed, people);
  return namedIn(rule).filter(
    (name) =>
      peopleMissing(rule, needed, [...people, { user: `one more of ${name}`, seats: [name] }]) < missing,
  );
};
