import type { People, Role, Standing } from '../../src/domain/ports.ts';

export interface Somebody {
  readonly user: string;
  readonly name: string;
  readonly email?: string;
  readonly standing?: Standing;
  readonly emailConfirmed?: boolean;
}

/** The people of a workspace, as a test likes them, and how old an answer each question allowed. */
export const createFakePeople = (everybody: readonly Somebody[]) => {
  const known = new Map(everybody.map((somebody) => [somebody.user, somebody]));
  const roles: Record<Role, Set<string>> = { requester: new Set(), approver: new Set() };
  const personOf = ({ user, name, email }: Somebody) => ({
    team: 'T1',
    user,
    name,
    ...(email !== undefined && { email }),
  });
  const state = {
    roles,
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
  const people: People = {
    who: async (user, maxAge) => {
      await Promise.resolve();
      state.ages.push(maxAge);
      if (!state.reachable) return 'could not ask';
      const somebody = known.get(user);
      if (somebody === undefined) {
        return { person: { team: 'T?', user, name: user }, standing: 'stranger', emailConfirmed: true };
      }
      return {
        person: personOf(somebody),
        standing: somebody.standing ?? 'full member',
        emailConfirmed: somebody.emailConfirmed ?? true,
      };
    },
    has: async (role, user, maxAge) => {
      await Promise.resolve();
      state.ages.push(maxAge);
      if (!state.reachable) return 'could not ask';
      return roles[role].has(user) ? 'yes' : 'no';
    },
    all: async (role) => {
      await Promise.resolve();
      if (!state.reachable) return 'could not ask';
      return [...roles[role]].flatMap((user) => {
        const somebody = known.get(user);
        return somebody ? [personOf(somebody)] : [];
      });
    },
  };
  return Object.assign(state, people);
};
