import type { KnownPerson, People, Standing } from '../../src/domain/ports.ts';

export interface Somebody {
  readonly user: string;
  readonly name: string;
  readonly email?: string;
  readonly standing?: Standing;
  readonly emailConfirmed?: boolean;
}

/** The user groups behind the roles of the standard policy. */
export const [requesters, approvers] = ['SREQ', 'SAPP'] as const;

/** The people of a workspace, as a test likes them, and how old an answer each question allowed. */
export const createFakePeople = (everybody: readonly Somebody[]) => {
  const known = new Map(everybody.map((somebody) => [somebody.user, somebody]));
  const roles = { requester: new Set<string>(), approver: new Set<string>() };
  /** User groups by their ids; one that is not here could not be asked about. */
  const groups = new Map<string, Set<string>>([
    [requesters, roles.requester],
    [approvers, roles.approver],
  ]);
  const personOf = ({ user, name, email }: Somebody) => ({
    team: 'T1',
    user,
    name,
    ...(email !== undefined && { email }),
  });
  const state = {
    roles,
    groups,
    reachable: true,
    ages: [] as number[],
    change: (user: string, changes: Partial<Somebody>): void => {
      const before = known.get(user);
      if (before) known.set(user, { ...before, ...changes });
    },
    forgetEmail: (user: string): void => {
      const { email: _email, ...rest } = known.get(user) ?? { user, name: user };
      known.set(user, rest);
    },
  };
  /** What is true of somebody, whether or not Slack can be asked. */
  const whoIs = (user: string): KnownPerson => {
    const somebody = known.get(user);
    if (somebody === undefined) {
      return { person: { team: 'T?', user, name: user }, standing: 'stranger', emailConfirmed: true };
    }
    return {
      person: personOf(somebody),
      standing: somebody.standing ?? 'full member',
      emailConfirmed: somebody.emailConfirmed ?? true,
    };
  };
  const isIn = (id: string, user: string): boolean | undefined =>
    id.startsWith('S') ? groups.get(id)?.has(user) : id === user;
  const people: People = {
    who: async (user, maxAge) => {
      await Promise.resolve();
      state.ages.push(maxAge);
      return state.reachable ? whoIs(user) : 'could not ask';
    },
    seats: async (user, ids, maxAge) => {
      await Promise.resolve();
      state.ages.push(maxAge);
      if (!state.reachable) return { held: [], unknown: ids };
      return {
        held: ids.filter((id) => isIn(id, user) === true),
        unknown: ids.filter((id) => isIn(id, user) === undefined),
      };
    },
    members: async (group) => {
      await Promise.resolve();
      const members = groups.get(group);
      return state.reachable && members ? [...members] : 'could not ask';
    },
    behind: async (ids) => {
      await Promise.resolve();
      if (!state.reachable || ids.some((id) => id.startsWith('S') && !groups.has(id))) return 'could not ask';
      const users = new Set(ids.flatMap((id) => (id.startsWith('S') ? [...(groups.get(id) ?? [])] : [id])));
      return [...users].map((user) => ({
        ...whoIs(user),
        seats: ids.filter((id) => isIn(id, user) === true),
      }));
    },
    staff: async (ids, maxAge) => {
      const all = await people.behind(ids, maxAge);
      return all === 'could not ask' ? all : all.map(({ person }) => person);
    },
    groupName: async (group) => (state.reachable ? `@${group.toLowerCase()}` : undefined),
  };
  return Object.assign(state, people, { whoIs });
};
