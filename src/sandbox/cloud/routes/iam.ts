import { z } from 'zod';
import type { Project } from '../organisation.ts';
import { pageOf, wholeNumber } from '../paging.ts';
import { voices } from '../refusals.ts';
import { type Route, route } from '../route.ts';
import { noBody, noQuery, someId } from './shapes.ts';

const v3 = {
  service: 'iam',
  voice: voices.iamV3,
  method: 'GET',
  effect: 'read',
  body: noBody,
  params: z.strictObject({}),
} as const;
const v5 = { ...v3, voice: voices.iamV5 } as const;
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

const projectRow = (project: Project) => ({
  id: project.id,
  name: project.name,
  domain_id: project.account_id,
  parent_id: project.account_id,
  enabled: true,
  is_domain: false,
  description: project.description,
  links: {},
});

/** IAM look-ups. The one key of the local cloud sees the users and projects of every account. */
export const iamRoutes: readonly Route[] = [
  route({
    ...v3,
    operation: 'KeystoneListUsers',
    path: '/v3/users',
    action: 'iam:users:listUsers',
    query: z.strictObject({
      name: someId.optional(),
      domain_id: someId.optional(),
      enabled: flag.optional(),
    }),
    answer: ({ query }, { organisation }) => {
      const users = organisation.iamUsers
        .filter((user) => query.name === undefined || user.name === query.name)
        .filter((user) => query.domain_id === undefined || user.domain_id === query.domain_id)
        .filter((user) => query.enabled === undefined || user.enabled === query.enabled)
        .map((user) => ({
          ...user,
          description: '',
          pwd_status: true,
          password_expires_at: null,
          last_project_id: '',
          access_mode: 'default',
          links: {},
        }));
      return { status: 200, body: { users, links: {} } };
    },
  }),
  route({
    ...v5,
    operation: 'ListUsersV5',
    path: '/v5/users',
    action: 'iam:users:listUsersV5',
    query: z.strictObject({
      limit: wholeNumber(1, 200).default(100),
      marker: z.string().min(4).max(400).optional(),
      group_id: someId.optional(),
    }),
    answer: ({ query }, world) => {
      const { limit, marker, group_id: group } = query;
      if (group !== undefined) throw voices.iamV5.notFound(`group ${group}`);
      const page = pageOf(
        world.organisation.iamUsers,
        (user) => user.id,
        { listing: 'iam-users', limit, marker },
        { ...world, ...v5 },
      );
      const users = page.rows.map((user) => ({
        user_id: user.id,
        user_name: user.name,
        is_root_user: false,
        enabled: user.enabled,
        created_at: '2025-03-03T09:00:00Z',
        urn: `iam::${user.domain_id}:user:${user.name}`,
        description: '',
      }));
      // The end of this list is a missing marker, not an empty one.
      const next = page.nextMarker === undefined ? {} : { next_marker: page.nextMarker };
      return { status: 200, body: { users, page_info: { current_count: users.length, ...next } } };
    },
  }),
  route({
    ...v3,
    operation: 'KeystoneListProjects',
    path: '/v3/projects',
    action: 'iam:projects:listProjects',
    query: z
      .strictObject({
        name: someId.optional(),
        domain_id: someId.optional(),
        parent_id: someId.optional(),
        enabled: flag.optional(),
        is_domain: flag.optional(),
        page: wholeNumber(1, 999_999).optional(),
        per_page: wholeNumber(1, 5000).optional(),
      })
      .refine(({ page, per_page }) => (page === undefined) === (per_page === undefined), {
        message: 'page and per_page go together',
      }),
    answer: ({ query }, { organisation }) => {
      const { name, domain_id: domain, parent_id: parent, page = 1, per_page: perPage = 5000 } = query;
      const projects = organisation.projects
        .map(projectRow)
        .filter((row) => name === undefined || row.name === name)
        .filter((row) => domain === undefined || row.domain_id === domain)
        .filter((row) => parent === undefined || row.parent_id === parent)
        .filter(() => query.enabled !== false && query.is_domain !== true)
        .slice((page - 1) * perPage, page * perPage);
      return { status: 200, body: { projects, links: {} } };
    },
  }),
  route({
    ...v3,
    operation: 'KeystoneListAuthProjects',
    path: '/v3/auth/projects',
    query: noQuery,
    answer: (_input, { organisation }) => ({
      status: 200,
      body: { projects: organisation.projects.map(projectRow), links: {} },
    }),
  }),
  route({
    ...v3,
    operation: 'KeystoneListAuthDomains',
    path: '/v3/auth/domains',
    query: noQuery,
    answer: (_input, { organisation }) => {
      const { managementAccountId: id, accounts } = organisation;
      const name = accounts.find((account) => account.id === id)?.name ?? '';
      return {
        status: 200,
        body: { domains: [{ id, name, enabled: true, description: '', links: {} }], links: {} },
      };
    },
  }),
];
