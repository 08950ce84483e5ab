import type { Route } from '../route.ts';
import { accountRoutes } from './accounts.ts';
import { assignmentChangeRoutes } from './assignment-changes.ts';
import { assignmentJobRoutes } from './assignment-jobs.ts';
import { assignmentListRoutes } from './assignment-lists.ts';
import { groupRoutes } from './groups.ts';
import { iamRoutes } from './iam.ts';
import { instanceRoutes } from './instances.ts';
import { membershipRoutes } from './memberships.ts';
import { modelArtsRoutes } from './modelarts.ts';
import { permissionSetRoutes } from './permission-sets.ts';
import { sessionRoutes } from './sessions.ts';
import { stsRoutes } from './sts.ts';
import { userRoutes } from './users.ts';

/** Every operation of the local cloud. */
export const allRoutes: readonly Route[] = [
  ...instanceRoutes,
  ...permissionSetRoutes,
  ...assignmentListRoutes,
  ...assignmentJobRoutes,
  ...assignmentChangeRoutes,
  ...userRoutes,
  ...groupRoutes,
  ...membershipRoutes,
  ...sessionRoutes,
  ...accountRoutes,
  ...modelArtsRoutes,
  ...iamRoutes,
  ...stsRoutes,
];
