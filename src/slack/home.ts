import type { KnownPerson } from '../domain/ports.ts';
import { isHiddenFrom, isWork, type Summary } from '../domain/summary.ts';
import { load } from '../workflow/amend.ts';
import { type Needs, whileLooking } from '../workflow/needs.ts';
import { mayDecide } from '../workflow/roles.ts';
import type { WebClient } from './clients.ts';
import { closedHome, type HomeContents, homeView, type Listed } from './home-view.ts';
import { admitReader } from './readers.ts';
import { slackFault } from './slack-fault.ts';
import { createWatch } from './watch.ts';

/** Entries of each list; Slack takes 100 blocks in a Home, and people read the first. */
const most = { waiting: 10, mine: 5, running: 5, recent: 10 } as const;

/** Of so many waiting requests it is looked whether they wait for this person. */
const mostLookedAt = 50;

/** A Home is kept up to date for this long (ms) after it was opened, and for so many people at most. */
const watchedFor = 60 * 60_000;
const mostWatched = 200;

/** Changes are gathered for so long (ms) before the Homes are drawn again. */
const gathering = 2_000;

type HomeNeeds = Pick<Needs, 'ledger' | 'people' | 'policy' | 'clock' | 'log' | 'kinds'>;

/** Requests that this person could decide now, as far as is known, and whether there may be more of them. */
const waitingFor = async (
  needs: HomeNeeds,
  { person }: KnownPerson,
  visible: (summary: Summary) => boolean,
): Promise<{ readonly waiting: readonly Listed[]; readonly more: boolean }> => {
  const found: Listed[] = [];
  const candidates = await needs.ledger.list(
    (summary) =>
      summary.progress.state === 'requested' &&
      summary.requester !== person.user &&
      !summary.progress.given.some(({ user }) => user === person.user) &&
      visible(summary),
    mostLookedAt,
  );
  for (const summary of candidates) {
    if (found.length > most.waiting) break;
    const request = await load(needs.ledger, summary.id);
    if (request === undefined) continue;
    // Where Slack could not be asked, nobody is told that nothing waits for them.
    if ((await mayDecide(needs, request, person.user, whileLooking)) === 'no') continue;
    found.push({ summary, approveBefore: request.asked.approveBefore });
  }
  const more = found.length > most.waiting || candidates.length === mostLookedAt;
  return { waiting: found.slice(0, most.waiting), more };
};

const contentsFor = async (needs: HomeNeeds, reader: KnownPerson): Promise<HomeContents> => {
  const { person } = reader;
  const visible = (summary: Summary) => !isHiddenFrom(summary, person.email);
  const { waiting, more } = await waitingFor(needs, reader, visible);
  const shown = new Set(waiting.map(({ summary }) => summary.id));
  const next = async (match: (summary: Summary) => boolean, limit: number): Promise<readonly Listed[]> => {
    const found = await needs.ledger.list(
      (summary) => !shown.has(summary.id) && visible(summary) && match(summary),
      limit,
    );
    for (const { id } of found) shown.add(id);
    return found.map((summary) => ({ summary }));
  };
  return {
    waiting,
    moreWaiting: more,
    mine: await next((summary) => summary.requester === person.user && isWork(summary), most.mine),
    running: await next((summary) => isWork(summary) && summary.progress.state !== 'requested', most.running),
    recent: await next((summary) => !isWork(summary), most.recent),
  };
};

/** Publishes everybody's App Home when it is opened, and again while things change. */
export const createHomes = (needs: HomeNeeds & { readonly client: WebClient }) => {
  const { ledger, clock, log } = needs;
  /** People whose Home is kept up to date: until when, and what stands there. */
  const watched = new Map<string, { readonly until: number; readonly rendering: string }>();

  const keep = (user: string, until: number, rendering: string): void => {
    watched.delete(user);
    watched.set(user, { until, rendering });
    const [oldest] = watched.size > mostWatched ? watched.keys() : [];
    if (oldest !== undefined) watched.delete(oldest);
  };

  const publish = async (user: string, until: number): Promise<void> => {
    const reader = await admitReader(needs, user);
    const view =
      'code' in reader ? closedHome(reader) : homeView(await contentsFor(needs, reader), needs.kinds);
    const rendering = JSON.stringify(view);
    if (watched.get(user)?.rendering !== rendering) await needs.client.views.publish({ user_id: user, view });
    keep(user, until, rendering);
  };

  /** @returns how long (ms) Slack wants to be left alone */
  const tryPublish = async (user: string, until: number): Promise<number> => {
    try {
      await publish(user, until);
      return 0;
    } catch (error) {
      const { code, waitMs } = slackFault(error);
      log.warn('An App Home could not be brought up to date', { user, code });
      return waitMs;
    }
  };

  /** Where Slack wants to be left alone, once more after that. */
  const republish = async (user: string, until: number, signal: AbortSignal): Promise<void> => {
    const wait = await tryPublish(user, until);
    if (wait === 0) return;
    await clock.sleep(wait, signal);
    if (!signal.aborted) await tryPublish(user, until);
  };

  const level = async (signal: AbortSignal): Promise<void> => {
    for (const [user, { until }] of Array.from(watched)) {
      if (until <= clock.now()) watched.delete(user);
      else if (!signal.aborted) await republish(user, until, signal);
    }
  };
  // Approvers come and go also when nothing is written.
  const watch = createWatch({ ledger, clock, gathering, idle: whileLooking, level });

  return {
    /** Somebody opened their Home: it is drawn now, whatever stood there, or soon where Slack does not take it. */
    async opened(user: string): Promise<void> {
      const until = clock.now() + watchedFor;
      watched.delete(user);
      await tryPublish(user, until);
      if (watched.has(user)) return;
      keep(user, until, '');
      watch.nudge();
    },
    start: () => watch.start(),
    stop: () => watch.stop(),
  };
};
export type Homes = ReturnType<typeof createHomes>;
