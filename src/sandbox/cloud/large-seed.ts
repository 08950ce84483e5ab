import { hexOf, uuidOf } from './ids.ts';
import type {
  Account,
  Assignment,
  Group,
  Organisation,
  PermissionSet,
  PrincipalType,
  User,
} from './organisation.ts';
import { seedOrganisation } from './seed.ts';

/** How many of each there are, the seed's own among them. */
export interface OrganisationSize {
  readonly users: number;
  readonly groups: number;
  readonly accounts: number;
  readonly permissionSets: number;
}

/** The organisation that the bot is designed for. */
export const designSize: OrganisationSize = {
  users: 100_000,
  groups: 10_000,
  accounts: 500,
  permissionSets: 2_000,
};

/** Every hundredth person has this name. */
export const commonName = 'Wei Chen';

const givenNames =
  'Aisha Alice Amara Ana Bob Carol Chloé Dmitri Elena Felix Grace Hannah Ingrid Joan José Kenji Łukasz Mallory Maria Minh Nadia Niamh Omar Peter Priya Rafael Ravi Samir Søren Tomáš Trent Wei Yuki Zoë 娜 芳 伟 洋'.split(
    ' ',
  );
const familyNames =
  'Adeyemi Álvarez Baumann Bello Chen Diallo Dubois Finch Haddad Khan Kimani Lee Lefèvre Lindqvist Moreau Müller Nguyễn Novák Okafor Osei Østergård Patel Petrova Raman Rossi Sato Silva Solberg Souza Tanaka Volkov Weiss Wójcik 李 王 张 刘'.split(
    ' ',
  );
const teams = 'payments storefront platform data network security support finance research mobile'.split(' ');
const stages = 'prod staging dev sandbox audit'.split(' ');
const roles = 'Admin PowerUser ReadOnly Operator Billing Support Auditor Deployer'.split(' ');

/** Numbers from 0 up to 1, always the same ones (mulberry32). */
const fixedChance = (): (() => number) => {
  let state = 0x5eed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const founded = 1_740_992_400_000;

const userOf = (index: number, given: string, family: string): User => {
  const userName = `user.${index}.${hexOf(`${given}${family}`, 4)}`;
  const email = { value: `${userName}@example.com`, type: 'Work', primary: true } as const;
  return {
    user_id: uuidOf(`large-user:${index}`),
    user_name: userName,
    display_name: `${given} ${family}`,
    enabled: index % 50 !== 0,
    emails: index % 200 === 0 ? [] : [{ ...email, verification_status: 'VERIFIED' }],
    name: { family_name: family, given_name: given },
    title: 'Engineer',
    enterprise: { department: 'Engineering', employee_number: String(index) },
    created_at: founded,
    updated_at: founded,
  };
};

const numbered = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: Math.max(0, count) }, (_, index) => make(index));

/**
 * The seed's company grown to a size, the same every time. Many people share a name, one in a hundred of them
 * {@link commonName}. Each of the seed's own people keeps what they have; `mallory.finch` has one grant more in every
 * account.
 * @param now milliseconds since the epoch
 */
export const largeOrganisation = (now: number, size: OrganisationSize = designSize): Organisation => {
  const seed = seedOrganisation(now);
  const chance = fixedChance();
  const oneOf = (words: readonly string[]): string => words[Math.floor(chance() * words.length)] ?? '';
  const user = (index: number): User => {
    const [given = '', family = ''] =
      index % 100 === 1 ? commonName.split(' ') : [oneOf(givenNames), oneOf(familyNames)];
    return userOf(index, given, family);
  };
  const group = (index: number): Group => ({
    group_id: uuidOf(`large-group:${index}`),
    display_name: `${oneOf(teams)}-${oneOf(stages)}-${index}`,
    description: '',
    created_at: founded,
  });
  const account = (index: number): Account => ({
    id: hexOf(`large-account:${index}`, 32),
    name: `${oneOf(stages)}-${oneOf(teams)}-${index}`,
    description: '',
    join_method: 'created',
    status: 'active',
    joined_at: new Date(founded).toISOString(),
  });
  const permissionSet = (index: number): PermissionSet => ({
    permission_set_id: hexOf(`large-permission-set:${index}`, 32),
    name: `${oneOf(roles)}-${index}`,
    description: 'One of many',
    session_duration: 'PT8H',
    created_date: founded,
  });
  const accounts = numbered(size.accounts - seed.accounts.length, account);
  const permissionSets = numbered(size.permissionSets - seed.permissionSets.length, permissionSet);
  const mallory = seed.users.find((one) => one.user_name === 'mallory.finch')?.user_id ?? '';
  const grants = accounts.flatMap((one, index): Assignment[] => {
    const set = permissionSets[index % permissionSets.length];
    if (set === undefined) return [];
    return [
      {
        account_id: one.id,
        permission_set_id: set.permission_set_id,
        principal_id: mallory,
        principal_type: 'USER',
      },
    ];
  });
  return {
    ...seed,
    users: [...seed.users, ...numbered(size.users - seed.users.length, user)],
    groups: [...seed.groups, ...numbered(size.groups - seed.groups.length, group)],
    accounts: [...seed.accounts, ...accounts],
    permissionSets: [...seed.permissionSets, ...permissionSets],
    assignments: [...seed.assignments, ...grants],
  };
};

/**
 * Grants of one principal over all accounts, with as many different permission sets as there are.
 * @throws {RangeError} when there are not so many different grants
 */
export const wideGrants = (
  { accounts, permissionSets }: Organisation,
  type: PrincipalType,
  principal: string,
  count: number,
): readonly Assignment[] => {
  const each = Math.ceil(count / accounts.length);
  if (!(each <= permissionSets.length)) throw new RangeError(`There are no ${count} different grants`);
  const all = accounts.flatMap((account, index) =>
    numbered(each, (turn): Assignment[] => {
      const set = permissionSets[(index * each + turn) % permissionSets.length];
      if (set === undefined) return [];
      return [
        {
          account_id: account.id,
          permission_set_id: set.permission_set_id,
          principal_id: principal,
          principal_type: type,
        },
      ];
    }).flat(),
  );
  return all.slice(0, count);
};
