import type { Writable } from 'node:stream';
import type { Problem } from '../config/problems.ts';
import type { Env, LedgerConfig } from '../config.ts';
import type { Fact } from '../domain/facts.ts';
import { forTerminal } from '../domain/text.ts';

/** How a command ends, by sysexits. */
export const ends = { fine: 0, other: 1, usage: 64, damage: 65, configuration: 78 } as const;
export type End = (typeof ends)[keyof typeof ends];

/** What surrounds a command: the process in `main.ts`, a test's own elsewhere. */
export interface Place {
  readonly env: Env;
  /** What of the environment could not be read. */
  readonly unread: readonly Problem[];
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** The table from a fact to the sentence that people read. */
  readonly sentences: () => Promise<(fact: Fact) => string>;
}

/** A command whose words were understood; what remains is to do it. */
export type Job = (ledger: LedgerConfig, place: Place) => Promise<End>;

/** The command line is not what it should be; the message says what was expected. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

/** Writes lines for people; in each, what is not ours is made harmless. */
export const say = (stream: Writable, lines: readonly string[]): void => {
  for (const line of lines) stream.write(`${forTerminal(line)}\n`);
};
