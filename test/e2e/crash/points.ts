import type { Wish } from './people.ts';

/** Points at which one bot after the other dies, in the order in which a request comes to them. */
interface Chain {
  readonly name: string;
  readonly wish: Wish;
  readonly points: readonly string[];
}

const around = (...whats: readonly string[]): readonly string[] =>
  whats.flatMap((what) => [`before ${what}`, `after ${what}`]);

/**
 * Every effect of the bot that outlives it, once before and once after: each append by a fact of it, each call of
 * the cloud by what it is for, each post by its place. A write can be cut off in the midst of it as well.
 */
export const chains: readonly Chain[] = [
  {
    name: 'asking',
    wish: 'profile',
    points: [
      ...around('look up for the review', 'open view', 'update view'),
      'amid append requested',
      ...around('append requested', 'post card', 'append card_posted'),
      'before append approved',
      'before answer click',
    ],
  },
  {
    name: 'calling',
    wish: 'profile',
    points: [
      ...around('read before the start'),
      'amid append step_started',
      ...around('append step_started', 'call DisassociateProfile'),
    ],
  },
  {
    name: 'proving',
    wish: 'profile',
    points: [
      'after append approved',
      ...around('append step_outcome', 'read for the proof', 'append proof', 'append succeeded'),
    ],
  },
  {
    name: 'telling',
    wish: 'profile',
    points: [
      'after answer click',
      ...around('read once more', 'append stayed_gone', 'update card', 'post in thread', 'post audit'),
    ],
  },
  {
    name: 'a call that has a status to ask',
    wish: 'assignment',
    points: around('append group_changed', 'append step_started', 'call DeleteAccountAssignment'),
  },
  {
    name: 'starting, telling approvers and stopping',
    wish: 'profile',
    points: [
      ...around('append started'),
      // What was cut off is put on record by the start that cuts it off, so each of these two needs a torn line.
      'amid append anchor',
      'before append recovered',
      'amid append started',
      'after append recovered',
      ...around('post notice', 'append notified', 'update notice', 'append stopped', 'append cursor'),
      'amid write index.jsonl',
      ...around('write index.jsonl', 'write state.json'),
    ],
  },
];

/** All effects in the table, without the moment. */
export const effects: ReadonlySet<string> = new Set(
  chains.flatMap(({ points }) => points.map((point) => point.replace(/^\w+ /, ''))),
);
