import fc from 'fast-check';
import { CloudFault, LedgerFault } from '../../../src/domain/ports.ts';
import { stampOf, stateOf } from '../../../src/domain/request.ts';
import type { Amended } from '../../../src/workflow/amend.ts';
import { approve } from '../../../src/workflow/approve.ts';
import { assess } from '../../../src/workflow/assess.ts';
import { cancel } from '../../../src/workflow/cancel.ts';
import { check } from '../../../src/workflow/check.ts';
import { deny } from '../../../src/workflow/deny.ts';
import { kindNamed } from '../../../src/workflow/needs.ts';
import { settle } from '../../support/virtual-clock.ts';
import { ada, ben, cat, createWorld, mallory, nora, project, row, type World } from '../../support/world.ts';
import { createProcess, type Mishap, type Process, recheckTimes } from './process.ts';
import {
  allGroups,
  asks,
  changesPeople,
  type Event,
  first,
  patience,
  type Story,
  second,
  story,
  windows,
} from './story.ts';
import { watch } from './watch.ts';

/** What a story showed: what is against the rules, and words for what happened in it. */
interface Played {
  readonly wrong: readonly string[];
  readonly seen: ReadonlySet<string>;
}

const setting = (changes: Story['policy']): World => {
  const world = createWorld({ ...changes, ...windows });
  world.needs.patience = patience;
  world.cloud.authorizations.get(project)?.push({ user_id: 'all', user_type: 'all-users', type: 'agency' });
  const { people } = world;
  people.groups.set(first, new Set([ada, cat]));
  people.groups.set(second, new Set([ben, cat]));
  for (const user of [mallory, cat]) people.roles.requester.add(user);
  return world;
};

/** Plays one story to its end: whatever went wrong is mended then, and every request must come to an end. */
const play = async ({ policy, begin: wishes, events }: Story): Promise<Played> => {
  const world = setting(policy);
  const { cloud, people, clock, memory } = world;
  const { wrong, requests, uncalled } = watch(world);
  const seen = new Set<string>();
  const mishaps: Mishap[] = [];
  const hidden = new Map<string, Set<string>>();
  let process: Process = createProcess(world, mishaps);
  let isRunning = false;
  let isSpoilt = false;
  let cuts = 0;
  /** Refusals that were to be recorded in this process, and the number of facts before it. */
  let noted = 0;
  let factsBefore = 0;

  const ids = (): readonly string[] => [...requests.keys()];
  const idOf = (nth: number): string => ids()[nth % Math.max(1, ids().length)] ?? 'R-000099';

  const begin = (): void => {
    if (process.isCut()) {
      cuts += 1;
      seen.add('cut off');
    }
    process = createProcess(world, mishaps);
    noted = 0;
    factsBefore = memory.records.length;
  };

  const told = (): number =>
    memory.records.slice(factsBefore).reduce((sum, { fact }) => {
      if (fact.fact === 'refused') return sum + 1;
      return fact.fact === 'refusals_counted' ? sum + fact.count : sum;
    }, 0);

  /** What may go wrong for whoever does something: the ledger or the cloud says no, and they are told. */
  const within = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      const done = await process.within(work);
      return done === 'cut off' ? undefined : done;
    } catch (error) {
      if (!(error instanceof LedgerFault || error instanceof CloudFault)) throw error;
      if (error instanceof LedgerFault) isSpoilt = true;
      return undefined;
    }
  };

  const stop = async (): Promise<void> => {
    await within(process.stop);
    if (process.isCut()) return;
    if (clock.sleeping() > 0) wrong.push('something runs on after the stop');
    if (!isSpoilt && told() !== noted) wrong.push(`${noted} refusals, and ${told()} are told of`);
  };

  const afterCut = (): void => {
    if (!process.isCut()) return;
    begin();
    if (isRunning) process.start();
  };

  /** Rule 8: whoever clicks gets an answer that they can read; what was refused is noted. */
  const answer = async (user: string, tried: string, id: string, amended: Amended): Promise<void> => {
    if (amended.result !== 'refused') return;
    const { code, words } = amended.refusal;
    seen.add(code);
    if (code === '' || !/^[A-Z].*\.$/s.test(words)) wrong.push(`"${words}" is no answer to ${tried}`);
    noted += 1;
    const { person } = people.whoIs(user);
    const about = memory.streams.has(id) ? { request: id } : {};
    await process.refusals.note({ by: person, via: {}, tried, refusal: amended.refusal, ...about });
  };

  const clickOnce = async (now: Event & { do: 'click' }, id: string, act: ReturnType<World['click']>) => {
    const { needs } = process;
    switch (now.verb) {
      case 'approve':
        return approve(needs, id, act);
      case 'deny':
        return deny(needs, id, act, 'no');
      case 'cancel':
        return cancel(needs, id, act);
      case 'check':
        return check(needs, id, act);
      default:
        return now.verb satisfies never;
    }
  };

  const shownTo = (now: Event & { do: 'click' }, id: string): string | undefined => {
    const request = requests.get(id);
    if (request === undefined || now.shown === 'nothing') return undefined;
    const others = [...requests.values()].filter((other) => other !== request);
    const shown = { now: request, 'at first': { ...request, grew: [] }, another: others[now.nth] ?? request };
    return stampOf(shown[now.shown]);
  };

  const click = async (now: Event & { do: 'click' }): Promise<void> => {
    const id = idOf(now.nth);
    const shown = shownTo(now, id);
    const act = { ...world.click(now.user), ...(shown !== undefined && { shown }) };
    const before = requests.get(id);
    const isOld = before !== undefined && shown !== undefined && shown !== stampOf(before);
    const version = memory.streams.get(id)?.length;
    await within(async () => {
      const all = await Promise.all(Array.from({ length: now.deliveries }, () => clickOnce(now, id, act)));
      const [amended] = all;
      const done = all.filter(({ result }) => result === 'appended');
      if (done.length > 1 && now.verb !== 'check') wrong.push(`one click did ${now.verb} twice`);
      if (isOld && done.length > 0 && (now.verb === 'approve' || now.verb === 'deny'))
        wrong.push(`${now.verb} of what was shown long ago, at version ${version}`);
      if (amended) await answer(now.user, now.verb, id, amended);
    });
  };

  const ask = async (user: string, what: number, times: number): Promise<void> => {
    const wish = asks[what] ?? asks[0];
    await within(async () => {
      const { needs, submit } = process;
      const result = await assess(
        needs,
        kindNamed(needs.kinds, wish.kind),
        wish.values,
        people.whoIs(user).person,
      );
      if (result.result !== 'assessed') return;
      await Promise.all(
        Array.from({ length: times }, () => submit(world.submission(result.assessed, { user }))),
      );
    });
  };

  const happen = async (now: Event): Promise<void> => {
    switch (now.do) {
      case 'click':
        return click(now);
      case 'two click': {
        const id = idOf(now.nth);
        const acts = now.users.map((user) => world.click(user));
        await within(async () => {
          const all = await Promise.all(acts.map((act) => approve(process.needs, id, act)));
          for (const [index, amended] of all.entries())
            await answer(now.users[index] ?? '', 'approve', id, amended);
        });
        return;
      }
      case 'newcomer clicks': {
        const id = idOf(now.nth);
        await within(() => process.needs.rosters.level(allGroups));
        people.groups.get(now.group)?.add(now.user);
        await within(async () =>
          answer(now.user, 'approve', id, await approve(process.needs, id, world.click(now.user))),
        );
        return;
      }
      case 'deny again':
        for (let times = 0; times < 2; times += 1) {
          const before = requests.size;
          await ask(nora, now.what, 1);
          const id = ids()[before];
          if (id === undefined) return;
          const act = world.click(now.user);
          await within(async () => answer(now.user, 'deny', id, await deny(process.needs, id, act, 'no')));
        }
        return;
      case 'new policy':
        if (isRunning) await stop();
        world.needs.policy = { ...world.needs.policy, ...now.changes };
        begin();
        if (isRunning) process.start();
        return;
      case 'ask':
        return ask(now.user, now.what, now.times);
      case 'pass':
        return clock.advance(now.ms);
      case 'start or stop':
        if (isRunning) {
          await stop();
          begin();
        } else process.start();
        isRunning = !isRunning;
        return;
      case 'look at the groups':
        await within(() => Promise.all([1, 2].map(() => process.needs.rosters.level(allGroups))));
        return;
      case 'mishap':
        mishaps.push(now.mishap);
        if (now.mishap.what === 'fails') isSpoilt = true;
        return;
      case 'give back':
        if (!world.ledger.open().some((id) => world.ledger.summary(id)?.principal === 'USER/u-mallory'))
          cloud.assignments.push(row('u-mallory', 'acc-prod', 'ps-admin'));
        return;
      case 'grow':
        cloud.assignments.push(row('u-mallory', `acc-${cloud.assignments.length}`, 'ps-read'));
        return;
      case 'change goes wrong':
        cloud.changeTroubles.push(now.trouble);
        return;
      case 'read goes wrong':
        cloud.readTroubles.push(now.trouble);
        return;
      case 'reach Slack':
        people.reachable = now.reachable;
        return;
      case 'member':
        (people.groups.get(now.group) ?? hidden.get(now.group))?.[now.isIn ? 'add' : 'delete'](now.user);
        return;
      case 'reach group': {
        const [from, to] = now.reachable ? [hidden, people.groups] : [people.groups, hidden];
        const members = from.get(now.group);
        if (members) to.set(now.group, members);
        from.delete(now.group);
        return;
      }
      case 'standing':
        people.change(now.user, { standing: now.standing });
        return;
      case 'e-mail':
        if (now.is === 'unknown') people.forgetEmail(now.user);
        else
          people.change(now.user, {
            email: `${now.user.slice(1).toLowerCase()}@example.com`,
            emailConfirmed: now.is === 'confirmed',
          });
        return;
      case 'delay':
        cloud.delay = now.ms;
        return;
      case 'deletions fail':
        cloud.jobFailure = now.fail ? 'the cloud gave up' : undefined;
        return;
      default:
        return now satisfies never;
    }
  };

  for (const what of wishes) await ask(nora, what, 1);
  for (const now of events) {
    if (changesPeople.has(now.do)) await settle();
    await happen(now);
    await settle();
    afterCut();
  }

  people.reachable = true;
  for (const [group, members] of hidden) people.groups.set(group, members);
  mishaps.splice(0);
  if (!isRunning) process.start();
  await clock.runUntil(() => world.ledger.open().length === 0, 48 * 60 * 60_000);
  cloud.readTroubles.splice(0);
  for (const request of requests.values()) seen.add(stateOf(request));
  for (const id of ids()) await within(() => check(process.needs, id, world.click(nora)));
  await clock.advance(Math.max(...recheckTimes));
  await stop();

  wrong.push(...uncalled(cuts));
  for (const { id, proven } of world.ledger.succeededSince(0))
    if (proven?.at === proven?.read) wrong.push(`${id} was never read again`);
  for (const request of requests.values()) {
    const summary = world.ledger.summary(request.id);
    if (JSON.stringify(summary?.progress) !== JSON.stringify(request.progress))
      wrong.push(`the summary of ${request.id} tells another story`);
  }
  for (const { fact } of memory.records) seen.add(fact.fact === 'proof' && fact.by ? 'checked' : fact.fact);
  if (cloud.changes.length > 1) seen.add('several calls');
  return { wrong, seen };
};

/** What the stories must have come by, all of them together: those that never get anywhere would prove nothing. */
const landmarks: readonly string[] = [
  'succeeded',
  'failed',
  'denied',
  'cancelled',
  'expired',
  'unverified',
  'several calls',
  'checked',
  'stayed_gone',
  'came_back',
  'approval_void',
  'impact_grew',
  'group_changed',
  'cut off',
  'refusals_counted',
  'outdated',
  'cool_off',
  'could_not_ask',
  'not_an_approver',
  'own_request',
  'affected_person',
  'already_approved',
  'already_decided',
  'denied_before',
  'email_unconfirmed',
];

/**
 * Plays that many random stories and holds each against the rules. A failure names its seed and path: give both here
 * to play it again.
 * @returns what none of the stories came by, although they should
 * @throws what is against the rules in the shortest story that was found
 */
export const holdTheRules = async (
  numRuns: number,
  again: { readonly seed?: number; readonly path?: string } = {},
): Promise<readonly string[]> => {
  const seen = new Set<string>();
  const { stackTraceLimit } = Error;
  // The stories abort and refuse all the time; a fifth of their time went into traces that nobody reads.
  Error.stackTraceLimit = 0;
  try {
    await fc.assert(
      fc.asyncProperty(story, async (one) => {
        const played = await play(one);
        if (played.wrong.length > 0) throw new Error(played.wrong.join('\n'));
        for (const what of played.seen) seen.add(what);
      }),
      { numRuns, ...again },
    );
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return landmarks.filter((what) => !seen.has(what));
};
