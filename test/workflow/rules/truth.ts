import type { ApproverRule } from '../../../src/domain/approvers.ts';
import type { FactOf, LedgerRecord } from '../../../src/domain/facts.ts';
import type { World } from '../../support/world.ts';
import { mallory } from '../../support/world.ts';

/** Somebody with the names that they stand for. */
interface Stander {
  readonly user: string;
  readonly seats: readonly string[];
}

/** Whether each of the names can be given somebody else: by trying, not by a clever way. */
const canBeSeated = (names: readonly string[], people: readonly Stander[]): boolean => {
  const [name, ...others] = names;
  if (name === undefined) return true;
  return people.some(
    (one) =>
      one.seats.includes(name) &&
      canBeSeated(
        others,
        people.filter((other) => other.user !== one.user),
      ),
  );
};

const countAmong = (names: readonly string[], people: readonly Stander[]): number =>
  new Set(people.filter(({ seats }) => seats.some((seat) => names.includes(seat))).map(({ user }) => user))
    .size;

/** What the design says of an approver rule, told anew: enough different people, and one from each where `+` says so. */
export const isEnough = (rule: ApproverRule, needed: number, people: readonly Stander[]): boolean =>
  (rule.anyone.length > 0 && countAmong(rule.anyone, people) >= needed) ||
  rule.together.some((names) => canBeSeated(names, people) && countAmong(names, people) >= needed);

const fewest = (rule: ApproverRule, needed: number): number => {
  const sizes = rule.together.map((names) => Math.max(names.length, needed));
  return Math.min(...(rule.anyone.length > 0 ? [needed, ...sizes] : sizes));
};

const ruleFor = ({ needs: { policy } }: World, kind: string): ApproverRule =>
  policy.approversOf[kind] ?? policy.approvers;

/** The names that may approve a request: as it was asked, as far as the policy still names them. */
export const namesFor = (world: World, asked: FactOf<'requested'>): readonly string[] => {
  const { anyone, together } = ruleFor(world, asked.kind);
  const today = [...anyone, ...together.flat()];
  const then = asked.from ?? { anyone: [], together: [] };
  return [...then.anyone, ...then.together.flat()].filter((name) => today.includes(name));
};

/** Whether somebody is, or is in, what the name says; undefined where Slack cannot be asked. */
export const standsFor = ({ people }: World, user: string, name: string): boolean | undefined => {
  if (!people.reachable) return undefined;
  return name.startsWith('S') ? people.groups.get(name)?.has(user) : name === user;
};

/** In these stories, who is affected by what is aimed at one user is Mallory, if anybody in Slack. */
export const isAffected = (asked: FactOf<'requested'>, user: string): boolean =>
  user === mallory && asked.affected?.id.includes('mallory') === true;

const everybodyNamed = ({ needs: { policy } }: World): readonly string[] => [
  ...policy.requesters,
  ...[policy.approvers, ...Object.values(policy.approversOf)].flatMap(({ anyone, together }) => [
    ...anyone,
    ...together.flat(),
  ]),
];

/** Whether the target may be one who asks or approves. */
const mayBeStaff = (world: World, target: Readonly<Record<string, string>>): boolean => {
  const { people } = world;
  if (target.scope === 'all-users') return false;
  const named = everybodyNamed(world);
  const groups = named.filter((name) => name.startsWith('S'));
  if (!people.reachable || groups.some((name) => !people.groups.has(name))) return true;
  const staff = named.flatMap((name) =>
    groups.includes(name) ? [...(people.groups.get(name) ?? [])] : [name],
  );
  if (staff.some((user) => people.whoIs(user).person.email === undefined)) return true;
  return target.principal === 'u-mallory' && staff.includes(mallory);
};

/** The section "Policy" of the design, told anew for what these stories ask: how many approvals are needed. */
export const approvalsNeededFor = (
  world: World,
  { seq, at, fact }: LedgerRecord & { readonly fact: FactOf<'requested'> },
): number => {
  const { policy } = world.needs;
  const byRule = world.memory.records.flatMap((record) => {
    const [asked, next] = world.records(record.id);
    const isEarlier = record.fact.fact === 'requested' && record.seq < seq && record.at > at - 10 * 60_000;
    const wentOn = next?.fact.fact === 'approved' && next.fact.by === undefined;
    return isEarlier && wentOn && asked?.fact.fact === 'requested' ? [asked.fact.by.user] : [];
  });
  const own = byRule.filter((user) => user === fact.by.user).length;
  const guarded = policy.protectedPrincipals.includes(fact.target.principal ?? '');
  const isNeeded =
    guarded ||
    fact.kind === 'profile' ||
    fact.target.scope === 'all-users' ||
    policy.requireApproval === 'always' ||
    mayBeStaff(world, fact.target) ||
    own >= policy.unapprovedLimit ||
    byRule.length >= 2 * policy.unapprovedLimit;
  if (!isNeeded) return 0;
  const plain = policy.approvalsNeededOf[fact.kind] ?? policy.approvalsNeeded;
  return fewest(ruleFor(world, fact.kind), plain) + (guarded ? 1 : 0);
};

/** Since when somebody is in a group as far as the ledger knows: 0 from before it was first read. */
export const knownSince = (
  records: readonly LedgerRecord[],
  group: string,
  user: string,
): number | undefined => {
  let since: number | undefined;
  for (const { fact, at } of records) {
    if (fact.fact !== 'group_changed' || fact.group !== group) continue;
    if (fact.removed.some((one) => one.user === user)) since = undefined;
    if (fact.added.some((one) => one.user === user)) since = fact.first ? 0 : at;
  }
  return since;
};
