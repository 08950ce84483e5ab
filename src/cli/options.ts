import { parseArgs } from 'node:util';
import { WrongUsage } from './place.ts';

/**
 * Reads options that all take a value and may be repeated: `--name VALUE` or `--name=VALUE`.
 * @returns the values of an option, in order
 * @throws {WrongUsage} for everything else that stands there
 */
export const readOptions = <Name extends string>(
  args: readonly string[],
  names: readonly Name[],
): ((name: Name) => readonly string[]) => {
  const options = Object.fromEntries(
    names.map((name) => [name, { type: 'string' as const, multiple: true }]),
  );
  // Not strict, because Node's words for what is wrong are for whoever writes the program.
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const token of tokens) {
    if (token.kind !== 'option') throw new WrongUsage(`"${args[token.index]}" was not expected here`);
    const known = values.get(token.name);
    if (known === undefined) throw new WrongUsage(`there is no option ${token.rawName} here`);
    if (!token.value) throw new WrongUsage(`${token.rawName} needs a value`);
    known.push(token.value);
  }
  return (name) => values.get(name) ?? [];
};
