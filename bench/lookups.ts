import { realClock } from '../src/clock.ts';
import { userCandidate } from '../src/directory/choices.ts';
import { createDirectory } from '../src/directory/directory.ts';
import { createSearchIndex, emptyIndex } from '../src/directory/search-index.ts';
import type { Directory, LookupContext } from '../src/domain/ports.ts';
import { commonName } from '../src/sandbox/cloud/large-seed.ts';
import type { User } from '../src/sandbox/cloud/organisation.ts';
import { silent, startCloud } from './cloud.ts';
import { megabytesInUse } from './memory.ts';
import { organisations } from './organisations.ts';
import { type Benchmark, measured, type Row } from './table.ts';

const user: LookupContext = { principal_type: 'USER' };
const group: LookupContext = { principal_type: 'GROUP' };

/** What people type: beginnings, names that many share, words in another order, nothing at all, nobody. */
const typed = [
  '',
  'a',
  'n',
  'we',
  'er',
  'wei',
  'mall',
  'mallory.finch',
  commonName,
  'chen wei',
  'lvar',
  'muller',
  '王',
  'user.1234',
  'user.77.',
  'example.com',
  'nobody at all',
];
const rounds = 20;

const toDirectoryUser = (row: User) => ({
  id: row.user_id,
  userName: row.user_name,
  displayName: row.display_name,
  enabled: row.enabled,
  emails: row.emails.map(({ value }) => value),
});

/** The index alone: how long it takes to make one, what it keeps in memory, how fast it answers. */
const indexRows = async (users: readonly User[]): Promise<readonly Row[]> => {
  const before = megabytesInUse();
  let index = emptyIndex;
  const built = await measured('index: build of 100,000', 1, async () => {
    index = await createSearchIndex(
      (function* all() {
        for (const row of users) yield userCandidate(toDirectoryUser(row));
      })(),
    );
  });
  const megabytes = megabytesInUse() - before;
  const searches = await measured('index: search', typed.length * rounds, (turn) =>
    index.find(typed[turn % typed.length] ?? '', 100),
  );
  return [{ ...built, megabytes }, searches];
};

const everyTyped = (name: string, directory: Directory, context: LookupContext): Promise<Row> =>
  measured(name, typed.length * rounds, (turn) =>
    directory.suggest('principal', context, typed[turn % typed.length] ?? '', 100),
  );

/** What needs the organisation itself, which is collected afterwards: the bot never has one in memory. */
const withOrganisation = async () => {
  const { users } = organisations.large().organisation;
  const mallory = users.find((one) => one.user_name === 'mallory.finch')?.user_id ?? '';
  return { mallory, alone: await indexRows(users) };
};

/** Look-ups in an organisation of the design size, through the real client and over loopback. */
export const lookups: Benchmark = async () => {
  const { mallory, alone } = await withOrganisation();
  const { cloud, slowDown, close } = await startCloud('large');
  const directory = createDirectory({ cloud, clock: realClock, log: silent, config: { projects: [] } });
  const settled = async (context: LookupContext): Promise<void> => {
    for (;;) {
      const { notes = [] } = await directory.suggest('principal', context, 'nobody at all', 100);
      if (!notes.some((note) => note.startsWith('Still reading'))) return;
    }
  };
  try {
    const before = megabytesInUse();
    const cold = await measured('users: first answers while cold', 5, () =>
      directory.suggest('principal', user, 'mall', 100),
    );
    const wholeUsers = await measured('users: until all are read', 1, () => settled(user));
    const warmUsers = await everyTyped('users: type-ahead, warm', directory, user);
    const kept = megabytesInUse() - before;
    const resolved = await measured('users: a slash text that names half of them', 20, () =>
      directory.resolve('principal', user, 'a'),
    );
    const wholeGroups = await measured('groups: until all are read', 1, () => settled(group));
    const warmGroups = await everyTyped('groups: type-ahead, warm', directory, group);
    const holder = { ...user, principal: mallory };
    const accounts = await measured('accounts of one user: type-ahead', 100, () =>
      directory.suggest('account', holder, 'prod', 100),
    );
    const exact = await measured('a whole id', 100, () => directory.suggest('principal', user, mallory, 100));
    slowDown(3_000);
    const slow = await measured('users: warm, the cloud takes 3 s', 20, (turn) =>
      directory.suggest('principal', user, typed[turn % typed.length] ?? '', 100),
    );
    return [
      ...alone,
      cold,
      { ...wholeUsers, megabytes: kept },
      warmUsers,
      resolved,
      wholeGroups,
      warmGroups,
      accounts,
      exact,
      slow,
    ];
  } finally {
    await close();
  }
};
