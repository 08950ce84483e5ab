import { realClock } from '../src/clock.ts';
import { userCandidate } from '../src/directory/choices.ts';
import { createDirectory } from '../src/directory/directory.ts';
import { createSearchIndex } from '../src/directory/search-index.ts';
import type { Directory, Log, LookupContext } from '../src/domain/ports.ts';
import { Secret } from '../src/domain/secret.ts';
import { createCloud } from '../src/huaweicloud/client.ts';
import { fixedCredentials } from '../src/huaweicloud/credentials.ts';
import { commonName, largeOrganisation } from '../src/sandbox/cloud/large-seed.ts';
import { startLocalCloud } from '../src/sandbox/cloud/local-cloud.ts';
import type { User } from '../src/sandbox/cloud/organisation.ts';
import { megabytesInUse } from './memory.ts';
import { type Benchmark, measured, type Row } from './table.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: console.warn, error: console.error };

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
  const began = performance.now();
  const index = createSearchIndex(
    (function* all() {
      for (const row of users) yield userCandidate(toDirectoryUser(row));
    })(),
  );
  const built = performance.now() - began;
  const megabytes = megabytesInUse() - before;
  const searches = await measured('index: search', typed.length * rounds, (turn) =>
    index.find(typed[turn % typed.length] ?? '', 100),
  );
  return [{ name: `index: build of ${index.size}`, times: [built], megabytes }, searches];
};

const everyTyped = (name: string, directory: Directory, context: LookupContext): Promise<Row> =>
  measured(name, typed.length * rounds, (turn) =>
    directory.suggest('principal', context, typed[turn % typed.length] ?? '', 100),
  );

/** Look-ups in an organisation of the design size, through the real client and over loopback. */
export const lookups: Benchmark = async () => {
  const organisation = largeOrganisation(realClock.now());
  const alone = await indexRows(organisation.users);
  const local = await startLocalCloud({ now: () => realClock.now(), organisation });
  const { url, credentials } = local;
  const cloud = createCloud({
    credentials: fixedCredentials({ ak: credentials.ak, sk: new Secret(credentials.sk) }),
    endpoints: {
      identitycenter: url,
      identitystore: url,
      organizations: url,
      modelarts: url,
      iam: url,
      sts: url,
    },
    clock: realClock,
    random: () => 0.5,
    log: silent,
    timeoutMs: 10_000,
    authPauseMs: 300_000,
  });
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
    const wholeGroups = await measured('groups: until all are read', 1, () => settled(group));
    const warmGroups = await everyTyped('groups: type-ahead, warm', directory, group);
    const mallory = organisation.users.find((one) => one.user_name === 'mallory.finch')?.user_id ?? '';
    const holder = { ...user, principal: mallory };
    const accounts = await measured('accounts of one user: type-ahead', 100, () =>
      directory.suggest('account', holder, 'prod', 100),
    );
    const exact = await measured('a whole id', 100, () => directory.suggest('principal', user, mallory, 100));
    local.switches.latencyMs = 3_000;
    const slow = await measured('users: warm, the cloud takes 3 s', 20, (turn) =>
      directory.suggest('principal', user, typed[turn % typed.length] ?? '', 100),
    );
    return [
      ...alone,
      cold,
      { ...wholeUsers, megabytes: kept },
      warmUsers,
      wholeGroups,
      warmGroups,
      accounts,
      exact,
      slow,
    ];
  } finally {
    await cloud.close();
    await local.close();
  }
};
