import type { Choice, DirectoryGroup, DirectoryUser, Named } from '../domain/ports.ts';
import type { Account } from './accounts.ts';
import { type Candidate, candidate } from './candidate.ts';
import type { ModelArtsUser } from './modelarts-users.ts';

/** What Slack shows of a line of a menu, and of the line below it. */
const lineLength = 75;
/** A name that is cut keeps this much. */
const leastOfName = 20;

const detailed = (...parts: readonly string[]) => (parts.length > 0 ? { detail: parts.join(', ') } : {});

/** A person with user name and main e-mail, because names need not be unique. */
export const userCandidate = (user: DirectoryUser): Candidate => {
  const { id, userName, emails, displayName, enabled } = user;
  const apart = [userName, ...emails.slice(0, 1)].join(', ');
  const choice = { id, words: `${displayName} (${apart})`, ...detailed(...(enabled ? [] : ['disabled'])) };
  return candidate(choice, [id, ...emails, userName, displayName]);
};

/** Something that goes by one name; the id stands beside it, because such names need not be unique. */
export const namedCandidate = ({ id, name }: Named, ...more: readonly string[]): Candidate =>
  candidate({ id, words: name === id ? id : `${name} (${id})`, ...detailed(...more) }, [id, name]);

/** The name in the words of a {@link namedCandidate}. */
export const nameIn = ({ id, words }: Choice): string => (words === id ? id : words.slice(0, -id.length - 3));

export const groupCandidate = ({ id, displayName }: DirectoryGroup): Candidate =>
  namedCandidate({ id, name: displayName });

export const accountCandidate = (account: Account): Candidate =>
  namedCandidate(account, ...(account.status === 'active' ? [] : [account.status.replace(/_/g, ' ')]));

export const iamUserCandidate = ({ id, userName, authorized }: ModelArtsUser): Candidate =>
  namedCandidate(
    { id, name: userName },
    ...(authorized ? [] : ['no authorization of its own in this project']),
  );

/**
 * The choice as it fits a menu. Where name and what tells it apart are too long for a line, the name is cut, and the
 * id stands in the line below: two of the same name are never shown alike.
 */
export const inLine = (choice: Choice): Choice => {
  const { id, words, detail } = choice;
  if (words.length <= lineLength) return choice;
  const from = Math.max(0, words.lastIndexOf(' ('));
  const name = words.slice(0, Math.max(leastOfName, Math.min(from, lineLength - (words.length - from) - 1)));
  const apart = words.slice(from);
  return {
    id,
    words: `${name.trimEnd()}…${apart}`,
    ...detailed(id, ...(detail === undefined ? [] : [detail])),
  };
};
