/** The journal is not what was written. Ends the start with 65; `remedy` says what a person can do. */
export class JournalDamage extends Error {
  override readonly name = 'JournalDamage';
  /** Line of `journal.jsonl`, from 1. */
  readonly line: number;
  readonly remedy: string;

  constructor(line: number, wrong: string, remedy: string) {
    super(`journal.jsonl, line ${line}: ${wrong}. ${remedy}`);
    this.line = line;
    this.remedy = remedy;
  }
}

/** Another process works in this directory. Ends the start with 75. */
export class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';
}

/** The code of a failed system call, `ENOSPC` for example. */
export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** No room on the disk, or none for this user. */
export const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? '');

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
