import { z } from 'zod';
import {
  type Authorization,
  authorizationsOf,
  grantsOf,
  howOf,
  isFederated,
  isForEverybody,
  meansEverybody,
} from '../domain/authorization.ts';
import type { Identity } from '../domain/facts.ts';
import { defineKind, startedBy } from '../domain/kind.ts';
import { countWords, grouped } from '../domain/measure-words.ts';
import { CloudFault, type Directory, type Project } from '../domain/ports.ts';
import { CloudId, spokenAs } from '../domain/principal.ts';
import type { Sentences } from '../domain/residual.ts';
import { clip, cloudName } from '../domain/text.ts';

/** An IAM user id as the API takes it (`[A-Za-z0-9-]`, 3 to 32 characters), and never a word for everybody. */
const UserId = z
  .string()
  .regex(/^[A-Za-z0-9-]{3,32}$/)
  .refine((id) => !meansEverybody(id));

const place = { region: z.string().regex(/^[a-z0-9-]+$/), project: CloudId };
const OneUser = z.object({ ...place, scope: z.literal('user'), user: UserId });
const Everybody = z.object({ ...place, scope: z.literal('all-users') });
const ModelArtsTarget = z.discriminatedUnion('scope', [OneUser, Everybody]);
type ModelArtsTarget = z.infer<typeof ModelArtsTarget>;

/** Who is in the listing: `7 authorizations: 5 of users, 1 federated, 1 for all users`. */
const countLine = (rows: readonly Authorization[]): string => {
  const forAll = rows.filter(isForEverybody).length;
  const federated = rows.filter(isFederated).length;
  const parts = [
    [rows.length - forAll - federated, 'of users'],
    [federated, 'federated'],
    [forAll, 'for all users'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, words]) => `${grouped(count)} ${words}`);
  return `${countWords(rows.length, 'authorization')}: ${said.join(', ')}`;
};

/** Federated entries that are named; the others are counted. */
const federatedNamed = 5;

/** What in the project may still cover a user after their own authorization is gone. */
const residualOfUser = (rows: readonly Authorization[], project: Project): Sentences => {
  const forAll = rows.find(isForEverybody);
  const federated = rows.filter(isFederated);
  const names = federated.slice(0, federatedNamed).map((row) => clip(row.user_name ?? 'unnamed', 30));
  const more = federated.length - names.length;
  const list = [...names, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  return [
    ...(forAll === undefined
      ? []
      : [
          `Warning: an entry for all users in this project (${howOf(forAll)}) still covers this user: /revoke-modelarts ${spokenAs(project.name, project.id)}`,
        ]),
    ...(federated.length === 0
      ? []
      : [
          `${countWords(federated.length, 'federated authorization')} (${list}) may be of the same person, and cannot be deleted one by one.`,
        ]),
  ];
};

const otherwise: Sentences = [
  'Authorizations in other projects stay.',
  'Jobs and notebooks that run already are not stopped.',
];

const noUser =
  'Choose one user from the list, or type a user id. To take the authorizations of all users, choose "All users" above.';

/** The user, who exists when the account knows them or when the listing names them. */
const oneUser = async (
  target: z.infer<typeof OneUser>,
  rows: readonly Authorization[],
  directory: Directory,
): Promise<Identity | undefined> => {
  const row = rows.find((candidate) => candidate.user_id === target.user);
  const listed = row && { id: target.user, userName: row.user_name ?? target.user, emails: [] };
  try {
    // The directory first: it may know e-mails, by which the affected person is recognised. The listing has none.
    return (await directory.iamUser(target.user)) ?? listed;
  } catch (error) {
    // The key may lack the right to list IAM users; that must not keep somebody's access alive.
    if (listed && error instanceof CloudFault && error.family === 'refused') return listed;
    throw error;
  }
};

/** `project/type/id` without the type: the cloud may come to tell another one of the same user. */
const whoseGrant = (key: string): string => key.replace(/^([^/]+)\/[^/]+\/([^/=]+)$/, '$1/$2');

/** What of the step's grants is listed, and for all users what is new since. */
const compare = (target: ModelArtsTarget, approved: readonly string[], rows: readonly Authorization[]) => {
  if (target.scope === 'user') {
    // By the id alone, as everywhere in a proof.
    const isListed = rows.some((row) => row.user_id === target.user);
    return { remaining: isListed ? approved : [], since: [] };
  }
  const grants = grantsOf(target, rows);
  const listed = new Set(grants.map(({ key }) => whoseGrant(key)));
  const ofStep = new Set(approved.map(whoseGrant));
  return {
    remaining: approved.filter((key) => listed.has(whoseGrant(key))),
    since: grants.filter(({ key }) => !ofStep.has(whoseGrant(key))),
  };
};

/** Delete ModelArts authorizations of one project: one user's, or everybody's. */
export const modelartsAuthorization = defineKind<ModelArtsTarget>({
  name: 'modelarts-authorization',
  command: {
    name: '/revoke-modelarts',
    description: 'Delete the ModelArts authorization of one user or of all users in a project',
    usage: '[project] [user] [INC-42] ["reason"]',
  },
  title: 'Revoke ModelArts access',
  about:
    'Deletes ModelArts authorizations in one project. For all users, a second person must approve it and you confirm by typing.',
  fields: [
    { id: 'project', label: 'Project', type: 'lookup', lookup: 'project', within: [] },
    {
      id: 'scope',
      label: 'Whose authorization',
      type: 'choice',
      options: [
        { value: 'user', words: 'One user' },
        { value: 'all-users', words: 'All users' },
      ],
    },
    {
      id: 'user',
      label: 'User',
      hint: 'Type a part of the name or an id.',
      type: 'lookup',
      lookup: 'modelarts-user',
      within: ['project'],
      onlyWhen: { field: 'scope', value: 'user' },
    },
  ],
  spoken: ['project', 'user'],
  target: ModelArtsTarget,

  async aim(values, directory) {
    const project = await directory.project(values.project ?? '');
    if (project === undefined) {
      return { result: 'wrong', errors: { project: 'Choose one of the configured ModelArts projects.' } };
    }
    const target = ModelArtsTarget.safeParse({ ...values, region: project.region, project: project.id });
    if (target.success) return { result: 'aimed', target: target.data };
    const field = target.error.issues.some((issue) => issue.path[0] === 'scope') ? 'scope' : 'user';
    return {
      result: 'wrong',
      errors: { [field]: field === 'user' ? noUser : 'Choose one user or all users.' },
    };
  },

  async impact(target, cloud, directory) {
    const project = await directory.project(target.project);
    if (project === undefined) {
      return {
        result: 'no-such',
        words: `There is no such configured ModelArts project: ${target.project}.`,
      };
    }
    const rows = await authorizationsOf(target, cloud);
    const where = `ModelArts project ${project.name} (${project.id}, ${project.region})`;
    if (target.scope === 'all-users') {
      return {
        result: 'assessed',
        impact: {
          title: `Revoke the ModelArts authorizations of all users in ${project.name} (${project.id})`,
          lines: ['Everybody in the project', where, ...(rows.length > 0 ? [countLine(rows)] : [])],
          names: [project.id, project.name],
          grants: [...grantsOf(target, rows)],
          residual: [...otherwise],
          people: [],
          confirm: project.name,
        },
      };
    }
    const user = await oneUser(target, rows, directory);
    if (user === undefined) {
      return { result: 'no-such', words: `There is no such user in the project's account: ${target.user}.` };
    }
    const called = `${cloudName(user.userName)} (${user.id})`;
    return {
      result: 'assessed',
      impact: {
        title: `Revoke the ModelArts authorization of ${called} in ${project.name}`,
        lines: [`Of user ${called}`, where],
        names: [user.id, user.userName],
        grants: [
          ...grantsOf(
            target,
            rows.filter((row) => row.user_id === target.user && !isForEverybody(row)),
          ),
        ],
        residual: [...residualOfUser(rows, project), ...otherwise],
        people: [user],
      },
    };
  },

  risk: (target, impact) => ({
    everything: target.scope === 'all-users',
    principalType: target.scope === 'all-users' ? 'EVERYBODY' : 'USER',
    names: impact.names,
    people: impact.people,
  }),

  principal: (target) => `modelarts/${target.project}`,

  steps(target, impact) {
    const keys = impact.grants.map((grant) => grant.key);
    const entry = `${target.project}/all-users`;
    if (target.scope === 'user') {
      return [{ key: 'delete', words: "delete the user's authorization", target, grants: keys }];
    }
    return [
      {
        key: 'delete-all',
        words: 'delete the authorizations of all users',
        target,
        grants: keys.filter((key) => key !== entry),
      },
      {
        key: 'delete-entry',
        words: 'delete the entry for all users',
        target,
        grants: keys.filter((key) => key === entry),
      },
    ].filter((step) => step.grants.length > 0);
  },

  async start(step, cloud) {
    const target = ModelArtsTarget.parse(step.target);
    const everybody = step.key === 'delete-entry' ? 'all-users' : 'all';
    const answer = await cloud.call({
      service: 'modelarts',
      region: target.region,
      project: target.project,
      method: 'DELETE',
      path: ['v2', target.project, 'authorizations'],
      query: { user_id: target.scope === 'user' ? target.user : everybody },
      answer: z.object({ result: z.literal('true') }),
      effect: 'change',
    });
    return startedBy(answer);
  },

  async look(step, _job, cloud) {
    const target = ModelArtsTarget.parse(step.target);
    const listed = compare(target, step.grants, await authorizationsOf(target, cloud));
    if (listed.remaining.length === 0) return { state: 'gone', ...listed };
    return { state: 'present', surely: false, ...listed };
  },
});
