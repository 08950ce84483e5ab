/** What the sandbox is to do. */
export interface Options {
  /** Play the story by itself and end, instead of serving the page. */
  readonly play: boolean;
  /** Signed HTTP deliveries instead of Socket Mode. */
  readonly http: boolean;
}

/** @returns in words what is wrong, when there is anything else: a mistyped option would otherwise do something else */
export const readOptions = (args: readonly string[]): Options | string => {
  const unknown = args.find((arg) => arg !== '--play' && arg !== '--http');
  if (unknown === undefined) return { play: args.includes('--play'), http: args.includes('--http') };
  return `"${unknown}" was not expected here. The options are --play (the story plays by itself, in the terminal) and --http (signed HTTP instead of Socket Mode): npm run sandbox -- --play`;
};
