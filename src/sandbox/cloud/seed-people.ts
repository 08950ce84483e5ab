/** One person of the seed. E-mail is `<userName>@example.com` unless given; `null` is an empty e-mail list. */
export interface SeedPerson {
  readonly userName: string;
  readonly given: string;
  readonly family: string;
  readonly title: string;
  readonly department: string;
  readonly email?: string | null;
  readonly disabled?: true;
}

const person = (
  userName: string,
  given: string,
  family: string,
  title: string,
  department: string,
  rest: { email?: string | null; disabled?: true } = {},
): SeedPerson => ({ userName, given, family, title, department, ...rest });

/** The 40 people of the seed: look one up by its user name. */
export const seedPeople: readonly SeedPerson[] = [
  person('alice', 'Alice', 'Moreau', 'Incident Responder', 'Security'),
  person('bob', 'Bob', 'Lindqvist', 'Head of Platform', 'Platform'),
  person('carol', 'Carol', 'Adeyemi', 'Security Engineer', 'Security'),
  person('mallory.finch', 'Mallory', 'Finch', 'Senior Data Scientist', 'Data', {
    email: 'mallory@example.com',
  }),
  person('trent.osei', 'Trent', 'Osei', 'Contract Developer', 'Storefront'),
  person('wei.chen', 'Wei', 'Chen', 'Software Engineer', 'Payments'),
  person('wei.chen2', 'Wei', 'Chen', 'Network Engineer', 'Network'),
  person('wang.fang', '芳', '王', '数据工程师', 'Data'),
  person('li.na', '娜', '李', '平台工程师', 'Platform'),
  person('zhang.wei', '伟', '张', '安全审计员', 'Security'),
  person('liu.yang', '洋', '刘', '机器学习工程师', 'Data'),
  person('zoe.mueller', 'Zoë', 'Müller', 'Product Engineer', 'Storefront'),
  person('jose.alvarez', 'José', 'Álvarez', 'Database Administrator', 'Payments'),
  person('francois.lefevre', 'François', 'Lefèvre', 'Data Analyst', 'Data'),
  person('soren.ostergard', 'Søren', 'Østergård', 'Site Reliability Engineer', 'Platform'),
  person('lukasz.wojcik', 'Łukasz', 'Wójcik', 'Software Engineer', 'Payments'),
  person('niamh.oconnor', 'Niamh', "O'Connor", 'Platform Engineer', 'Platform'),
  person('kenji.tanaka', 'Kenji', 'Tanaka', 'Platform Engineer', 'Platform'),
  person('amara.diallo', 'Amara', 'Diallo', 'Machine Learning Engineer', 'Data'),
  person('priya.raman', 'Priya', 'Raman', 'Engineering Manager', 'Data'),
  person('omar.haddad', 'Omar', 'Haddad', 'Network Engineer', 'Network'),
  person('ingrid.solberg', 'Ingrid', 'Solberg', 'Finance Controller', 'Finance'),
  person('tomas.novak', 'Tomáš', 'Novák', 'Software Engineer', 'Storefront'),
  person('grace.kimani', 'Grace', 'Kimani', 'Quality Engineer', 'Storefront'),
  person('hannah.weiss', 'Hannah', 'Weiss', 'Cost Analyst', 'Finance'),
  person('rafael.souza', 'Rafael', 'Souza', 'Software Engineer', 'Payments'),
  person('yuki.sato', 'Yuki', 'Sato', 'Designer', 'Storefront'),
  person('minh.nguyen', 'Minh', 'Nguyễn', 'Software Engineer', 'Storefront'),
  person('elena.petrova', 'Elena', 'Petrova', 'Database Administrator', 'Data'),
  person('samir.khan', 'Samir', 'Khan', 'Auditor', 'Security'),
  person('joan-lee', 'Joan', 'Lee', 'Support Lead', 'Support'),
  person('peter.okafor', 'Peter', 'Okafor', 'Support Engineer', 'Support'),
  person('nadia.rossi', 'Nadia', 'Rossi', 'Night Operator', 'Support'),
  person('felix.baumann', 'Felix', 'Baumann', 'Night Operator', 'Support'),
  person('chloe.dubois', 'Chloé', 'Dubois', 'Contract Tester', 'Storefront'),
  person('ravi.patel', 'Ravi', 'Patel', 'Contract Developer', 'Payments'),
  person('maria.silva', 'Maria', 'Silva', 'Software Engineer', 'Payments'),
  person('dmitri.volkov', 'Dmitri', 'Volkov', 'Former Administrator', 'Platform', { disabled: true }),
  person('lobby.kiosk', 'Lobby', 'Kiosk', 'Shared Device', 'Facilities', { email: null }),
  person('aisha.bello', 'Aisha', 'Bello', 'Research Fellow', 'Data', {
    email: 'a.bello@research.example.com',
  }),
];

/** Group name, description and the user names of its members. */
export const seedGroups: readonly (readonly [
  name: string,
  description: string,
  members: readonly string[],
])[] = [
  ['platform-admins', 'Runs the landing zone', ['bob', 'niamh.oconnor', 'kenji.tanaka', 'soren.ostergard']],
  [
    'data-science',
    'Notebooks, training and feature stores',
    [
      'mallory.finch',
      'wang.fang',
      'liu.yang',
      'francois.lefevre',
      'amara.diallo',
      'priya.raman',
      'elena.petrova',
      'aisha.bello',
    ],
  ],
  ['night-shift', 'On call between 22:00 and 06:00', ['mallory.finch', 'nadia.rossi', 'felix.baumann']],
  ['security-auditors', '安全审计 (read only)', ['zhang.wei', 'samir.khan', 'carol']],
  ['network-operators', 'Peering, VPN and DNS', ['wei.chen2', 'omar.haddad']],
  [
    'developers',
    'Everyone who ships code',
    [
      'wei.chen',
      'li.na',
      'zoe.mueller',
      'jose.alvarez',
      'lukasz.wojcik',
      'tomas.novak',
      'grace.kimani',
      'rafael.souza',
      'minh.nguyen',
      'maria.silva',
      'yuki.sato',
    ],
  ],
  ['contractors', 'External staff', ['trent.osei', 'chloe.dubois', 'ravi.patel']],
  ['legacy-migration', 'Finished project, nobody left', []],
];
