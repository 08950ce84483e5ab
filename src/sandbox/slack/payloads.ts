import type { Core } from './core.ts';
import type { JsonObject } from './json.ts';
import { SEED } from './seed.ts';
import type { Channel, User } from './workspace.ts';

/** The deprecated verification token, the same in every payload: it proves nothing. */
export const VERIFICATION_TOKEN = 'deprecated-verification-token';

/** Members that every interactive payload has. */
export const payloadBase = (core: Core, user: User): JsonObject => ({
  team: {
    id: core.switches.strangerPayloadTeam === 'own' ? user.teamId : core.workspace.teamId,
    domain: core.workspace.domain,
  },
  enterprise: null,
  is_enterprise_install: false,
  user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
  api_app_id: SEED.app,
  token: VERIFICATION_TOKEN,
});

/** `channel_name` of a command: fixed words for direct messages and private channels. */
export const channelName = (channel: Channel): string =>
  ({ public: channel.name, private: 'privategroup', im: 'directmessage' })[channel.kind];
