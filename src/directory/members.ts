import type { Identity } from '../domain/facts.ts';
import { CloudFault, type DirectoryUser, type Log } from '../domain/ports.ts';
import type { IdentityStore } from './identity-store.ts';

type Users = () => Promise<readonly DirectoryUser[]>;

/** The users of these ids; from the listing where the question for many is refused. @throws {CloudFault} */
const usersOf = async (ids: readonly string[], store: IdentityStore, listed: Users): Promise<Identity[]> => {
  const found = await store.usersByIds(ids).catch((error: unknown) => {
    if (!(error instanceof CloudFault)) throw error;
    return listed();
  });
  const byId = new Map(found.map((user) => [user.id, user]));
  return ids.flatMap((id) => {
    const user = byId.get(id);
    if (user === undefined) return [];
    const { userName, displayName, emails } = user;
    return [{ id, userName, displayName, emails }];
  });
};

/**
 * A group's members. They are `unknown` when the cloud could not be asked, and also when it knows a membership
 * of somebody whom it does not know: whoever that is may be protected.
 */
export const membersOf = async (
  groupId: string,
  store: IdentityStore,
  listed: Users,
  log: Log,
): Promise<readonly Identity[] | 'unknown'> => {
  try {
    const ids = await store.memberIdsOf(groupId);
    const members = await usersOf(ids, store, listed);
    if (members.length === ids.length) return members;
    const strangers = ids.filter((id) => !members.some((member) => member.id === id));
    log.warn('a group has members that the identity store does not know', { group: groupId, strangers });
  } catch (error) {
    if (!(error instanceof CloudFault)) throw error;
    log.warn('the members of a group could not be read', { group: groupId, error: error.message });
  }
  return 'unknown';
};
