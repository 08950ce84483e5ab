import type { Kind } from '../domain/kind.ts';
import { accountAssignment } from './account-assignment.ts';
import { groupMembership } from './group-membership.ts';
import { modelartsAuthorization } from './modelarts-authorization.ts';
import { portalSessions } from './portal-sessions.ts';
import { profile } from './profile.ts';
import { userDisable } from './user-disable.ts';

/** Every kind of revocation. Commands, forms, cards and help follow from this list. */
export const registry: readonly Kind[] = [
  accountAssignment,
  profile,
  modelartsAuthorization,
  portalSessions,
  userDisable,
  groupMembership,
];
