import type { Route } from '../route.ts';
import { assignmentChangeRoutes } from './assignment-changes.ts';
import { assignmentJobRoutes } from './assignment-jobs.ts';
import { assignmentListRoutes } from './assignment-lists.ts';
import { instanceRoutes } from './instances.ts';
import { permissionSetRoutes } from './permission-sets.ts';

/** Every operation of the local cloud. */
export const allRoutes: readonly Route[] = [
  ...instanceRoutes,
  ...permissionSetRoutes,
  ...assignmentListRoutes,
  ...assignmentJobRoutes,
  ...assignmentChangeRoutes,
];
