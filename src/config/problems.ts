/** One thing that is wrong with the environment. Holds no value: a secret may stand under the wrong name. */
export interface Problem {
  /** The variable, or the variables that do not go together. */
  readonly name: string;
  /** Begins after the name: "is missing". */
  readonly wrong: string;
  /** What it should look like. */
  readonly form: string;
  /** Where to get it. */
  readonly source: string;
}

const paragraph = ({ name, wrong, form, source }: Problem): string =>
  `${name} ${wrong}.\n  It should be: ${form}\n  Where to get it: ${source}`;

/** All problems for a terminal, a paragraph each, in front of exit 78. */
export const problemText = (problems: readonly Problem[]): string => {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return [
    `Portcullis was not started: the configuration has ${count}.`,
    ...problems.map(paragraph),
    'All variables, with their defaults, stand in .env.example.',
  ].join('\n\n');
};
