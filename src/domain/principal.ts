import { z } from 'zod';
import type { Identity, Impact } from './facts.ts';
import type { Aim, Field, FormValues, Risk } from './kind.ts';
import { countWords } from './measure-words.ts';
import type { CloudRequest, Directory } from './ports.ts';
import { cloudName } from './text.ts';

/** A user or a group of the identity store. */
export const PrincipalType = z.enum(['USER', 'GROUP']);
export type PrincipalType = z.infer<typeof PrincipalType>;

export const principalTypeField: Field = {
  id: 'principal_type',
  label: 'User or group',
  type: 'choice',
  options: [
    { value: 'USER', words: 'User' },
    { value: 'GROUP', words: 'Group' },
  ],
};

export const principalField: Field = {
  id: 'principal',
  label: 'Who loses access',
  hint: 'Type a part of the name, an e-mail address or an id.',
  type: 'lookup',
  lookup: 'principal',
  within: ['principal_type'],
};

/** For kinds that are about one user; the block is the same as where a group could be chosen. */
export const onlyUserField: Field = {
  id: 'principal_type',
  label: 'Whose',
  type: 'choice',
  options: [{ value: 'USER', words: 'A user of the identity store' }],
};

/** Ids of the identity store and of Organizations: what may stand in a path or a query. */
export const CloudId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);

interface PrincipalTarget {
  readonly principal_type: PrincipalType;
  readonly principal: string;
}

/** One user of the identity store, and where that store is. */
export const UserTarget = z.object({
  store: CloudId,
  region: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .exactOptional(),
  principal_type: z.literal('USER'),
  principal: CloudId,
});
export type UserTarget = z.infer<typeof UserTarget>;

/** Where the calls about one user of the identity store go. */
export type StoreUser = Pick<UserTarget, 'store' | 'region' | 'principal'>;

/** @throws {CloudFault} when the cloud could not be asked where the identity store is */
export const storeUser = async (principal: string, directory: Directory): Promise<StoreUser> => {
  const { identityStoreId: store, region } = await directory.instance();
  return { store, principal, ...(region !== undefined && { region }) };
};

/** @throws {CloudFault} when the cloud could not be asked where the identity store is */
export const aimAtUser = async (values: FormValues, directory: Directory): Promise<Aim<UserTarget>> => {
  const target = UserTarget.safeParse({
    ...(await storeUser(values.principal ?? '', directory)),
    principal_type: values.principal_type,
  });
  if (target.success) return { result: 'aimed', target: target.data };
  return { result: 'wrong', errors: { principal: 'Choose a user from the list, or type their id.' } };
};

/** Service, region and path of a call to the identity store. */
export const inStore = (
  { store, region }: Pick<UserTarget, 'store' | 'region'>,
  ...path: readonly string[]
): Pick<CloudRequest<unknown>, 'service' | 'region' | 'path'> => ({
  service: 'identitystore',
  ...(region !== undefined && { region }),
  path: ['v1', 'identity-stores', store, ...path],
});

/** What the policy must know of a revocation from a principal. */
export const principalRisk = (target: PrincipalTarget, impact: Impact, everything: boolean): Risk => ({
  everything,
  principalType: target.principal_type,
  names: impact.names,
  people: impact.people,
});

/** Requests for the same principal are executed one at a time, whatever their kind. */
export const principalKey = (target: PrincipalTarget): string =>
  `${target.principal_type}/${target.principal}`;

/** A name that a slash command takes for one word and for nothing but a name, and that is not longer than an id. */
const plainName = /^(?![A-Z][A-Z0-9]*-\d+$)[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,35}(?<!\.)$/u;

/** What a slash command calls somebody or something: the name where it can be typed, else the id. */
export const spokenAs = (name: string, id: string): string => (plainName.test(name) ? name : id);

/** A principal that was read and exists, in words, with the people behind it. */
export interface KnownPrincipal {
  readonly words: string;
  /** How a slash command names it. */
  readonly spoken: string;
  /** Ids and names by which it may be protected. */
  readonly names: readonly string[];
  readonly people: readonly Identity[] | 'unknown';
  /** A user who is disabled cannot sign in. Groups are always enabled. */
  readonly enabled: boolean;
}

/**
 * Reads the principal; the sentence says that there is no such one.
 * @throws {CloudFault} when the cloud could not be asked
 */
export const knowPrincipal = async (
  type: PrincipalType,
  id: string,
  directory: Directory,
): Promise<KnownPrincipal | string> => {
  if (type === 'USER') {
    const user = await directory.user(id);
    if (user === undefined) return `There is no such user in the identity store: ${id}.`;
    return {
      words: `user ${cloudName(user.displayName)} (${cloudName(user.userName)}, ${id})`,
      spoken: spokenAs(user.userName, id),
      names: [id, user.userName, ...user.emails],
      people: [{ id: user.id, userName: user.userName, displayName: user.displayName, emails: user.emails }],
      enabled: user.enabled,
    };
  }
  const group = await directory.group(id);
  if (group === undefined) return `There is no such group in the identity store: ${id}.`;
  return {
    words: `group ${cloudName(group.displayName)} (${id})`,
    spoken: spokenAs(group.displayName, id),
    names: [id, group.displayName],
    people: await directory.membersOf(id),
    enabled: true,
  };
};

/** How many people are behind a principal that loses its grants, where it is not one: a line for a group, none for a user. */
export const membersLines = (type: PrincipalType, { people }: KnownPrincipal): readonly string[] => {
  if (type === 'USER') return [];
  if (people === 'unknown') return ['The members of the group could not be counted'];
  if (people.length === 0) return ['Nobody loses access now: the group has no members'];
  const lose = countWords(people.length, 'person loses', 'people lose');
  return [`${lose} this access: the group has ${countWords(people.length, 'member')}`];
};
