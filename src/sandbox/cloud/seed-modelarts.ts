/** ModelArts project: key used in this file, project name, region, owning account, description. */
export const seedProjects: readonly (readonly [
  key: string,
  name: string,
  region: string,
  account: string,
  description: string,
])[] = [
  ['research', 'cn-north-4', 'cn-north-4', 'ml-research', 'Default project of the region'],
  ['vision', 'cn-north-4_vision', 'cn-north-4', 'ml-research', 'Camera models'],
  ['forecast', 'ap-southeast-3', 'ap-southeast-3', 'data-lake', 'Demand forecasts'],
];

/** IAM users of the accounts that own the projects. */
export const seedIamUsers: readonly (readonly [name: string, account: string])[] = [
  ['mallory.finch', 'ml-research'],
  ['liu.yang', 'ml-research'],
  ['amara.diallo', 'ml-research'],
  ['aisha.bello', 'ml-research'],
  ['priya.raman', 'ml-research'],
  ['training-pipeline', 'ml-research'],
  ['mallory.finch', 'data-lake'],
  ['wang.fang', 'data-lake'],
  ['francois.lefevre', 'data-lake'],
  ['forecast-batch', 'data-lake'],
];

/** Agency authorizations of IAM users: project key and user name. */
export const seedAgencyEntries: readonly (readonly [project: string, userName: string])[] = [
  ['research', 'mallory.finch'],
  ['research', 'liu.yang'],
  ['research', 'amara.diallo'],
  ['research', 'training-pipeline'],
  ['vision', 'liu.yang'],
  ['vision', 'aisha.bello'],
  ['vision', 'mallory.finch'],
  ['forecast', 'wang.fang'],
  ['forecast', 'francois.lefevre'],
];
