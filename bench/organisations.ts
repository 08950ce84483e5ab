import { z } from 'zod';
import { largeOrganisation, wideGrants } from '../src/sandbox/cloud/large-seed.ts';
import type { Assignment, Organisation } from '../src/sandbox/cloud/organisation.ts';

/** Any moment: an organisation is the same in the benchmark and in the process that is its cloud. */
const now = Date.UTC(2026, 2, 14);

const grants = 5_000;
const members = 2_000;
const groups = 100;

/** The organisation of the design size. */
const large = () => ({ organisation: largeOrganisation(now) });

const idOf = (organisation: Organisation, userName: string): string =>
  organisation.users.find((user) => user.user_name === userName)?.user_id ?? '';

/** One user with 5,000 grants, one group with as many and 2,000 members, one user in 100 groups that grant a little. */
const wide = () => {
  const organisation = largeOrganisation(now);
  const [crowd, ...others] = organisation.groups.slice(-groups - 1);
  if (crowd === undefined) throw new Error('an organisation without groups');
  const [holder, joiner] = [idOf(organisation, 'trent.osei'), idOf(organisation, 'alice')];
  organisation.assignments.push(
    ...wideGrants(organisation, 'USER', holder, grants),
    ...wideGrants(organisation, 'GROUP', crowd.group_id, grants),
    ...others.flatMap(({ group_id }) => wideGrants(organisation, 'GROUP', group_id, 20)),
  );
  const join = (group_id: string, user_id: string) =>
    organisation.memberships.push({
      membership_id: `${group_id}-${user_id}`.slice(0, 64),
      group_id,
      user_id,
    });
  for (const { user_id } of organisation.users.slice(-members)) join(crowd.group_id, user_id);
  for (const { group_id } of others) join(group_id, joiner);
  const [member] = organisation.users.slice(-1);
  return {
    organisation,
    holder: { principal_type: 'USER', principal: holder },
    crowd: { principal_type: 'GROUP', principal: crowd.group_id },
    joiner: { principal_type: 'USER', principal: joiner },
    membership: { principal_type: 'USER', principal: member?.user_id ?? '', group: crowd.group_id },
  };
};

/** People of whom each has one grant to lose. */
const leavers = 1_000;

/**
 * A thousand people who have one grant each.
 * @param places on how many pairs of account and permission set they are spread
 */
const leaving = (places: number) => () => {
  const accounts = 100;
  const size = { users: leavers + 100, groups: 40, accounts, permissionSets: 60 };
  const organisation = largeOrganisation(now, size);
  const grants = organisation.users.slice(-leavers).map(({ user_id }, index): Assignment => {
    const place = index % places;
    return {
      account_id: organisation.accounts[place % accounts]?.id ?? '',
      permission_set_id: organisation.permissionSets[Math.floor(place / accounts)]?.permission_set_id ?? '',
      principal_id: user_id,
      principal_type: 'USER',
    };
  });
  organisation.assignments.push(...grants);
  return { organisation, grants };
};

/** What a cloud can be started with, by name. */
export const organisations = { large, wide, scattered: leaving(leavers), crowded: leaving(10) };
export const OrganisationName = z.enum(['large', 'wide', 'scattered', 'crowded']);
export type OrganisationName = z.infer<typeof OrganisationName>;
