import type { Credentials } from './credentials.ts';

const HIDDEN = '[hidden]';
/**
 * From these words on, nothing is shown: a wrong-signature message goes on with the signed headers, so with
 * the security token; the encoded message holds the whole policy evaluation.
 */
const CUT_AT = /canonicalRequest\s*:|["']?encoded_authorization_message/i;

/** How an answer may echo a secret: as it is, percent-encoded as in a query, or escaped as in a JSON string. */
const spellingsOf = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
];

export type Hide = (text: string, limit: number) => string;

/**
 * Makes the function through which every foreign text goes before it enters an error or a log line: it cuts
 * echoes, replaces the keys, their secrets and the tokens, and bounds the length (in characters).
 */
export function hiding(credentials: readonly Credentials[]): Hide {
  const secrets = credentials
    .flatMap(({ ak, sk, securityToken }) => [ak, sk.reveal(), securityToken?.reveal() ?? ''])
    .filter((secret) => secret !== '');
  const spellings = [...new Set(secrets.flatMap(spellingsOf))].sort((a, b) => b.length - a.length);
  return (text, limit) => {
    const [kept = ''] = text.split(CUT_AT, 1);
    const hidden = spellings.reduce((shown, spelling) => shown.replaceAll(spelling, HIDDEN), kept).trimEnd();
    // A character takes at most two places.
    const characters = Array.from(hidden.slice(0, 2 * limit + 1));
    return characters.length <= limit ? hidden : `${characters.slice(0, limit - 1).join('')}…`;
  };
}
