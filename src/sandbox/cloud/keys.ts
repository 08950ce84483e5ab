import type { AccessKey } from './gatekeeper.ts';

/** The permanent key of the management account. It works nowhere but in the local cloud. */
export const permanentKey = {
  ak: 'AKLOCALCLOUD00000001',
  sk: 'SkLocalCloud/NotReal+0000000000000000001',
} as const satisfies AccessKey;

/** More permanent keys of the same account: each is counted and locked for itself. */
export const furtherKeys: readonly AccessKey[] = ['2', '3', '4', '5'].map((number) => ({
  ak: `AKLOCALCLOUD0000000${number}`,
  sk: `SkLocalCloud/NotReal+000000000000000000${number}`,
}));

/** A temporary key of the same account, accepted only together with its token. */
export const temporaryKey = {
  ak: 'AKLOCALTEMPORARY0001',
  sk: 'SkLocalTemporary/NotReal+000000000000001',
  securityToken: 'local-cloud-security-token-not-real-0001',
} as const satisfies AccessKey;
