import type { Identity, Person } from './facts.ts';
import { folded } from './folded.ts';

/**
 * Whether the person with this Slack e-mail is the human behind a cloud user: any of the cloud user's e-mails or
 * its user name equals the Slack e-mail, or the user name equals the e-mail's local part.
 */
export const isSamePerson = (identity: Identity, email: string): boolean => {
  const mail = folded(email);
  const userName = folded(identity.userName);
  return (
    userName === mail ||
    userName === mail.split('@')[0] ||
    identity.emails.some((address) => folded(address) === mail)
  );
};

/** One human being, also behind two accounts: Slack lets go of an e-mail that was changed, and another may take it. */
export const isOneHuman = (one: Person, other: Person): boolean =>
  one.user === other.user ||
  (one.email !== undefined && other.email !== undefined && folded(one.email) === folded(other.email));
