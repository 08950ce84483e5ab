import type { CloudService } from '../domain/ports.ts';
import type { Secret } from '../domain/secret.ts';

/** Permanent (AK and SK) or temporary (with the security token) credentials of one account. */
export interface Credentials {
  /** Access key id: no secret by itself, but never shown either. */
  readonly ak: string;
  readonly sk: Secret;
  readonly securityToken?: Secret | undefined;
  /** The account's id; sent to global services as `X-Domain-Id` when known. */
  readonly domainId?: string | undefined;
}

/**
 * Says with what to sign; asked anew for every attempt, so temporary credentials can be renewed in between. Several
 * have the same permissions in the same account, and each call is signed with any of them.
 * @param account account that the call is about; undefined for the bot's own
 * @throws anything, when there are none: nothing is sent then
 */
export type CredentialsProvider = (
  service: CloudService,
  account: string | undefined,
) => Promise<readonly Credentials[]>;

/** The same credentials for every service and account. */
export function fixedCredentials(...credentials: readonly Credentials[]): CredentialsProvider {
  return async () => credentials;
}
