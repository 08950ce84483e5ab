const encoder = new TextEncoder();

/** What a shell or a terminal makes something of inside single quotes, what people cannot see, and blanks in a row. */
const needsEscape =
  /['\\\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}|(?<= ) |^ | $/gu;

/** Needs no look at each character: ids, regions, most names. There are thousands in one revocation. */
const plain = /^[\w.:@-]+$/;

const escaped = (character: string): string =>
  [...encoder.encode(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

/**
 * One word of a shell command, whoever wrote the value. Between the quotes stands nothing that ends them, so nothing
 * else can run, also in a shell that does not know `$'…'`.
 */
const quoted = (value: string): string => {
  if (plain.test(value)) return `'${value}'`;
  const safe = value.replace(needsEscape, escaped);
  return safe === value ? `'${value}'` : `$'${safe}'`;
};

/**
 * The KooCLI command by which somebody with the right to it calls an operation by hand:
 * `hcloud ModelArts CreateAuthorization --user_id='…'`. Parameters without a value are left out.
 * Not confirmed: KooCLI's spelling of parameters, and `IdentityCenterStore` as its name of the identity store's API;
 * both follow API Explorer and the SDK.
 */
export const kooCommand = (
  service: 'IdentityCenter' | 'IdentityCenterStore' | 'ModelArts',
  operation: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string => {
  let command = `hcloud ${service} ${operation}`;
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) command += ` --${name}=${quoted(value)}`;
  return command;
};
