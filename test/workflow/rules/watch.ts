import { canonicalJson, digestOf } from '../../../src/domain/digest.ts';
import type { Fact, FactOf, LedgerRecord } from '../../../src/domain/facts.ts';
import { evolve, type Request, stateOf } from '../../../src/domain/request.ts';
import { isFinal, type State } from '../../../src/domain/state.ts';
import type { Change } from '../../support/fake-cloud.ts';
import { project, type World } from '../../support/world.ts';
import { approvalsNeededFor, isAffected, isEnough, knownSince, namesFor, standsFor } from './truth.ts';

const day = 24 * 60 * 60_000;

/** What later readings may tell of a request that is over. */
const mayFollow: Readonly<Partial<Record<State, readonly string[]>>> = {
  unverified: ['proof', 'succeeded'],
  succeeded: ['stayed_gone', 'came_back'],
};
/** Tell nothing of how the request goes on. */
const besides: ReadonlySet<Fact['fact']> = new Set([
  'refused',
  'refusals_counted',
  'card_posted',
  'notified',
]);

/** Keys of everything that the cloud lists, as the kinds make them. */
const listed = ({ cloud }: World): ReadonlySet<string> =>
  new Set([
    ...cloud.assignments.map((one) =>
      [one.principal_type, one.principal_id, one.account_id, one.permission_set_id].join('/'),
    ),
    ...(cloud.authorizations.get(project) ?? []).map((one) =>
      one.user_type === 'all-users' ? `${project}/all-users` : `${project}/iam/${one.user_id}`,
    ),
  ]);

/** Whether a changing call is one that this request's target asks for, and no other (rule 5). */
const isAimedAt = ({ path, body = {}, query }: Change, { kind, target }: FactOf<'requested'>): boolean => {
  switch (kind) {
    case 'profile':
      return (
        path.endsWith('/disassociate-profile') &&
        body.id === target.principal &&
        body.accessor_type === target.principal_type
      );
    case 'account-assignment':
      return (
        path.endsWith('/account-assignments/delete') &&
        body.principal_id === target.principal &&
        body.principal_type === target.principal_type &&
        body.target_id === target.account &&
        body.permission_set_id === target.permission_set
      );
    default:
      return path.includes(`/${project}/`) && ['all', 'all-users'].includes(String(query.user_id));
  }
};

/** Approvals that count, told anew from the facts: by whom, for whom they stand, and when. */
const approvalsIn = (records: readonly LedgerRecord[]) => {
  const counted = new Map<
    string,
    { readonly seats: readonly string[]; readonly at: number; digest: string }
  >();
  for (const { fact, at } of records) {
    if (fact.fact === 'approved' && fact.by)
      counted.set(fact.by.user, { seats: fact.seats ?? [], at, digest: fact.digest });
    if (fact.fact === 'approval_void') counted.delete(fact.user);
  }
  return counted;
};

/** Rules 1 and 2 right before the first call of a request: who has approved it, and may do so still. */
const wrongWithApproval = (world: World, records: readonly LedgerRecord[]): readonly string[] => {
  const { people, clock } = world;
  const asked = records[0]?.fact;
  if (asked?.fact !== 'requested') return ['it was never asked for'];
  const wrong: string[] = [];
  if (digestOf(asked.kind, asked.target, asked.impact.grants) !== asked.digest)
    wrong.push('the digest is not that of the request');
  const approvals = [...approvalsIn(records)];
  if (approvals.some(([, { digest }]) => digest !== asked.digest)) wrong.push('another digest was approved');
  if (asked.approvals === 0) {
    const byRule = records.some(({ fact }) => fact.fact === 'approved' && fact.by === undefined);
    return byRule ? wrong : [...wrong, 'no rule let it go on'];
  }
  const names = namesFor(world, asked);
  const standing = approvals.flatMap(([user, { seats, at }]) => {
    const isYoung = clock.now() - at < 60_000;
    const { standing: is, emailConfirmed, person } = people.whoIs(user);
    const isUnknown = !people.reachable || (asked.affected !== undefined && person.email === undefined);
    if (user === asked.by.user || isAffected(asked, user)) wrong.push(`${user} approved it`);
    if (people.reachable && (is !== 'full member' || !emailConfirmed)) return [];
    const held = seats.filter((seat) => {
      if (!names.includes(seat)) return false;
      return (isUnknown ? undefined : standsFor(world, user, seat)) ?? isYoung;
    });
    return held.length > 0 ? [{ user, seats: held }] : [];
  });
  if (standing.length < asked.approvals) wrong.push(`only ${standing.length} approvals count`);
  if (asked.from === undefined || !isEnough(asked.from, asked.approvals, standing))
    wrong.push('those who approved are not the right ones');
  return wrong;
};

const wrongWithApprove = (
  world: World,
  request: Request,
  fact: FactOf<'approved'>,
  { at, seq }: LedgerRecord,
): readonly string[] => {
  const { asked } = request;
  if (fact.by === undefined)
    return asked.approvals === 0 ? [] : ['approved by rule, although people are needed'];
  const { user } = fact.by;
  const { standing, emailConfirmed, person } = world.people.whoIs(user);
  const { coolOff } = world.needs.policy;
  const wrong: string[] = [];
  const must = (isSo: boolean, otherwise: string) => {
    if (!isSo) wrong.push(`${user} approved ${otherwise}`);
  };
  must(stateOf(request) === 'requested', `what was ${stateOf(request)}`);
  must(at < asked.approveBefore, 'too late');
  must(user !== asked.by.user, 'their own request');
  must(!isAffected(asked, user), 'about themselves');
  must(asked.affected === undefined || person.email !== undefined, 'without an e-mail');
  must(standing === 'full member', `as ${standing}`);
  must(emailConfirmed, 'with an unconfirmed e-mail');
  must(!approvalsIn(world.records(request.id).filter((record) => record.seq < seq)).has(user), 'twice');
  must(fact.digest === asked.digest, 'another digest');
  const { seats = [] } = fact;
  must(seats.length > 0, 'for nobody');
  const names = namesFor(world, asked);
  const bot = coolOff > 0 ? world.records('bot') : [];
  for (const seat of seats) {
    must(names.includes(seat), `for ${seat}, whom nobody asked`);
    must(standsFor(world, user, seat) === true, `for ${seat}, without being in it`);
    if (coolOff > 0 && seat !== user) {
      const since = knownSince(bot, seat, user);
      must(since !== undefined && since <= at - coolOff, `for ${seat}, having only just come into it`);
    }
  }
  return wrong;
};

const wrongWithDenial = (
  world: World,
  request: Request,
  { by }: FactOf<'denied'>,
  at: number,
): readonly string[] => {
  const { asked } = request;
  const wrong: string[] = [];
  if (stateOf(request) !== 'requested') wrong.push(`denied what was ${stateOf(request)}`);
  if (by.user === asked.by.user) wrong.push('the requester denied');
  if (isAffected(asked, by.user)) wrong.push('the affected person denied');
  if (!namesFor(world, asked).some((name) => standsFor(world, by.user, name)))
    wrong.push(`${by.user} denied and is no approver`);
  const same = canonicalJson([asked.kind, asked.target]);
  const before = world.memory.records.filter(
    (record) => record.fact.fact === 'denied' && record.fact.by.user === by.user && record.id !== request.id,
  );
  for (const record of before) {
    const other = world.records(record.id)[0]?.fact;
    const isSame = other?.fact === 'requested' && canonicalJson([other.kind, other.target]) === same;
    if (isSame && record.at > at - day) wrong.push(`${by.user} denied the same target twice in a day`);
  }
  return wrong;
};

const isStillGood = (
  world: World,
  user: string,
  seats: readonly string[],
  names: readonly string[],
): boolean => {
  const { standing, emailConfirmed } = world.people.whoIs(user);
  return (
    standing === 'full member' &&
    emailConfirmed &&
    seats.every((seat) => names.includes(seat) && standsFor(world, user, seat) === true)
  );
};

/** What one more fact of a request says against the rules, with the world as it is at this moment. */
const wrongWithFact = (world: World, before: Request, record: LedgerRecord): readonly string[] => {
  const { fact, at } = record;
  const state = stateOf(before);
  if (besides.has(fact.fact)) return [];
  if (before.rechecked?.fact.fact === 'came_back') return [`${fact.fact} after it came back`];
  if (isFinal(state) || state === 'unverified')
    return mayFollow[state]?.includes(fact.fact) ? [] : [`${fact.fact} after ${state}`];
  switch (fact.fact) {
    case 'approved':
      return wrongWithApprove(world, before, fact, record);
    case 'denied':
      return wrongWithDenial(world, before, fact, at);
    case 'cancelled': {
      const { user } = fact.by;
      const isOwn = user === before.asked.by.user && !isAffected(before.asked, user);
      const isEarly = state === 'requested' || state === 'approved';
      return isOwn && isEarly ? [] : [`${user} cancelled what was ${state}`];
    }
    case 'approval_void': {
      const given = approvalsIn(world.records(before.id).filter(({ seq }) => seq < record.seq)).get(
        fact.user,
      );
      const names = namesFor(world, before.asked);
      if (state !== 'approved' && state !== 'requested') return [`an approval became void in ${state}`];
      return given && !isStillGood(world, fact.user, given.seats, names)
        ? []
        : [`the good approval of ${fact.user} became void`];
    }
    case 'expired': {
      const late = fact.window === 'approval' ? before.asked.approveBefore : before.startBefore;
      const isDue = state === (fact.window === 'approval' ? 'requested' : 'approved');
      return isDue && at >= late ? [] : [`${fact.window} expired too early, or what was ${state}`];
    }
    case 'step_started': {
      const known = before.steps.get(fact.step);
      return known && known.outcome === undefined
        ? ['started again with no outcome of the start before']
        : [];
    }
    default:
      return [];
  }
};

/** Each group as the facts tell it; a fact that changes nothing, or what is not so, is wrong. */
const createGroupBook = () => {
  const known = new Map<string, ReadonlySet<string>>();
  return ({ group, first, added, removed }: FactOf<'group_changed'>): readonly string[] => {
    const before = known.get(group);
    const came = added.map(({ user }) => user);
    const went = removed.map(({ user }) => user);
    known.set(group, new Set([...(before ?? []), ...came].filter((user) => !went.includes(user))));
    const wrong: string[] = [];
    if (first !== (before === undefined)) wrong.push(`${group} was read for the first time twice, or never`);
    if (came.some((user) => before?.has(user))) wrong.push(`somebody came into ${group} twice`);
    if (went.some((user) => !before?.has(user))) wrong.push(`somebody left ${group} who was not in it`);
    if (!first && added.length + removed.length === 0) wrong.push(`${group} changed in nothing`);
    return wrong;
  };
};

const callKey = (id: string, step: string, attempt: number) => `${id} ${step} ${attempt}`;

/** Looks on while a story is played, and writes down what is against the rules. */
export const watch = (world: World) => {
  const wrong: string[] = [];
  const requests = new Map<string, Request>();
  const calls = new Map<string, number>();
  const groupBook = createGroupBook();
  let seen = 0;

  const take = (record: LedgerRecord): void => {
    const { id, fact } = record;
    if (fact.fact === 'group_changed') wrong.push(...groupBook(fact));
    if (id === 'bot') return;
    const before = requests.get(id);
    const now = evolve(before, record);
    requests.set(id, now);
    if (before !== undefined)
      wrong.push(...wrongWithFact(world, before, record).map((words) => `${id}: ${words}`));
    else if (fact.fact === 'requested') {
      const needed = approvalsNeededFor(world, { ...record, fact });
      if (fact.approvals !== needed) wrong.push(`${id}: ${fact.approvals} approvals instead of ${needed}`);
    }
    if (fact.fact === 'succeeded' && before !== undefined) {
      const there = listed(world);
      const approved = [...now.asked.impact.grants, ...now.grew];
      if (approved.some(({ key }) => there.has(key))) wrong.push(`${id} succeeded, and grants are listed`);
    }
  };
  world.ledger.subscribe(() => {
    for (; seen < world.memory.records.length; seen += 1) {
      const record = world.memory.records[seen];
      if (record) take(record);
    }
  });

  world.cloud.onChange = (change) => {
    const started = [...requests.values()].flatMap((request) => {
      const last = world.records(request.id).findLast(({ fact }) => !besides.has(fact.fact));
      if (last?.fact.fact !== 'step_started' || !isAimedAt(change, request.asked)) return [];
      return [{ request, step: last.fact.step, attempt: last.fact.attempt }];
    });
    const [mine] = started.filter(
      ({ request, step, attempt }) => !calls.has(callKey(request.id, step, attempt)),
    );
    if (mine === undefined) {
      wrong.push('a call without a start of its own on record');
      return;
    }
    const { request, step, attempt } = mine;
    calls.set(callKey(request.id, step, attempt), world.cloud.reads());
    if (attempt > 1 && calls.get(callKey(request.id, step, attempt - 1)) === world.cloud.reads())
      wrong.push('started again without a read');
    const records = world.records(request.id);
    if (records.filter(({ fact }) => fact.fact === 'step_started').length > 1) return;
    wrong.push(...wrongWithApproval(world, records).map((words) => `${request.id}: ${words}`));
    if (world.clock.now() >= request.startBefore) wrong.push(`${request.id} was begun after the window`);
  };

  /** Starts on record that no call followed: right only where the process was cut off, and nobody may know more then. */
  const uncalled = (cuts: number): readonly string[] =>
    [...requests.keys()].flatMap((id) => {
      const records = world.records(id);
      return records.flatMap(({ fact }, index) => {
        if (fact.fact !== 'step_started' || calls.has(callKey(id, fact.step, fact.attempt))) return [];
        const outcome = records.slice(index).find((later) => later.fact.fact === 'step_outcome')?.fact;
        const isUnknown = outcome?.fact === 'step_outcome' && outcome.outcome === 'unknown';
        return cuts > 0 && isUnknown ? [] : [`${id}: no call for start ${fact.attempt} of ${fact.step}`];
      });
    });

  return { wrong, requests, uncalled };
};
