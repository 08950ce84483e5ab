import { z } from 'zod';
import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';
import { method, truth } from '../method.ts';
import { Refused } from '../refused.ts';
import type { User, UserGroup } from '../workspace.ts';

/** A user as users.info shows it; the e-mail only with users:read.email and for people of this workspace. */
const wireUser = (core: Core, user: User): JsonObject => {
  const mayReadEmail = core.manifest.oauth_config.scopes.bot.includes('users:read.email');
  const seesEmail = mayReadEmail && user.email !== '' && !user.isStranger;
  return {
    id: user.id,
    team_id: user.teamId,
    name: user.name,
    deleted: user.deleted,
    updated: Math.floor(core.now() / 1000),
    profile: {
      real_name: user.realName,
      display_name: user.name,
      ...(seesEmail ? { email: user.email } : {}),
    },
    ...(user.deleted
      ? { is_bot: user.isBot }
      : {
          real_name: user.realName,
          tz: 'Etc/UTC',
          tz_offset: 0,
          is_admin: false,
          is_owner: false,
          is_restricted: user.isRestricted || user.isUltraRestricted,
          is_ultra_restricted: user.isUltraRestricted,
          is_bot: user.isBot,
          is_app_user: false,
          ...(user.isEmailConfirmed !== undefined && { is_email_confirmed: user.isEmailConfirmed }),
          ...(user.isStranger ? { is_stranger: true } : {}),
        }),
  };
};

const info = method({
  name: 'users.info',
  scope: 'users:read',
  perMinute: 100,
  args: z.looseObject({ user: z.string() }),
  run: ({ user: id }, core) => {
    const user = core.workspace.users.get(id);
    if (user === undefined) throw new Refused('user_not_found');
    return { user: wireUser(core, user) };
  },
});

const groupUsers = method({
  name: 'usergroups.users.list',
  scope: 'usergroups:read',
  perMinute: 20,
  args: z.looseObject({ usergroup: z.string(), include_disabled: truth.optional() }),
  run: (args, core) => {
    const group = core.workspace.userGroups.get(args.usergroup);
    if (group === undefined || (group.disabled && args.include_disabled !== true)) {
      throw new Refused('no_such_subteam');
    }
    return { users: [...group.users] };
  },
});

const wireGroup = (core: Core, group: UserGroup, withUsers: boolean): JsonObject => ({
  id: group.id,
  team_id: core.workspace.teamId,
  is_usergroup: true,
  handle: group.handle,
  name: group.name,
  description: '',
  date_delete: group.disabled ? Math.floor(core.now() / 1000) : 0,
  ...(withUsers ? { users: [...group.users] } : {}),
});

const groups = method({
  name: 'usergroups.list',
  scope: 'usergroups:read',
  perMinute: 20,
  args: z.looseObject({ include_users: truth.optional(), include_disabled: truth.optional() }),
  run: (args, core) => ({
    usergroups: [...core.workspace.userGroups.values()]
      .filter((group) => !group.disabled || args.include_disabled === true)
      .map((group) => wireGroup(core, group, args.include_users === true)),
  }),
});

export const peopleMethods = [info, groupUsers, groups];
