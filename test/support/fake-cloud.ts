import { type Clock, type Cloud, CloudFault, type CloudRequest } from '../../src/domain/ports.ts';

/** A row of the account assignment listings. */
interface AssignmentRow {
  readonly account_id: string;
  readonly permission_set_id: string;
  readonly principal_id: string;
  readonly principal_type: string;
}

/** A row of the listing of a ModelArts project, `secret_key` included, as the real one may be. */
export interface AuthorizationRow {
  readonly user_id?: string | null;
  readonly user_name?: string;
  readonly user_type?: string | null;
  readonly type?: string;
  readonly content?: string;
  readonly secret_key?: string;
}

/** What goes wrong with one call. `too-late` acts or not before the answer is lost. */
export type Trouble =
  | { readonly as: 'refused'; readonly status: number; readonly code?: string; readonly againAt?: number }
  | { readonly as: 'not-reached' }
  | { readonly as: 'too-late'; readonly acted: boolean }
  | { readonly as: 'unexpected-answer'; readonly acted: boolean };

/** A changing call as it arrived. */
export interface Change {
  readonly at: number;
  readonly method: string;
  readonly service: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | number>>;
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly project: string | undefined;
  readonly region: string | undefined;
}

interface Job {
  readonly id: string;
  readonly row: AssignmentRow;
  readonly doneAt: number;
  readonly failure: string | undefined;
  finished: boolean;
}

/** Conflict 1006 and what the real client also marks as worth another try. */
const isRetryable = (status: number, code: string | undefined): boolean =>
  [401, 408, 429].includes(status) || (status === 409 && code === 'IIC.1006');

const refusal = (status: number, code?: string, againAt?: number): CloudFault =>
  new CloudFault(status >= 500 ? 'too-late' : 'refused', `The cloud refused the call (HTTP ${status})`, {
    status,
    code: code ?? String(status),
    requestId: `req-${status}`,
    retryable: status >= 500 || isRetryable(status, code),
    againAt,
  });

const faultOf = (trouble: Trouble): CloudFault => {
  switch (trouble.as) {
    case 'refused':
      return refusal(trouble.status, trouble.code, trouble.againAt);
    case 'not-reached':
      return new CloudFault('not-reached', 'The cloud could not be reached, nothing was sent', {
        retryable: true,
      });
    case 'too-late':
      return new CloudFault('too-late', 'The request was sent, and no whole answer came back', {
        retryable: true,
      });
    case 'unexpected-answer':
      return new CloudFault('unexpected-answer', 'The cloud answered in a form nobody agreed on', {
        status: 200,
        retryable: false,
      });
    default:
      return trouble satisfies never;
  }
};

const sameRow = (a: AssignmentRow, b: AssignmentRow): boolean =>
  a.account_id === b.account_id &&
  a.permission_set_id === b.permission_set_id &&
  a.principal_id === b.principal_id &&
  a.principal_type === b.principal_type;

/** A small working cloud: what is deleted goes from the listings, at once or after a while. */
export const createFakeCloud = (clock: Clock) => {
  const changes: Change[] = [];
  const jobs: Job[] = [];
  const authorizations = new Map<string, AuthorizationRow[]>();
  const changeTroubles: Trouble[] = [];
  const readTroubles: Trouble[] = [];
  const later: { at: number; act: () => void }[] = [];
  let reads = 0;

  const state = {
    assignments: [] as AssignmentRow[],
    authorizations,
    changes,
    jobs,
    /** One per changing call, first in, first out. */
    changeTroubles,
    /** One per read. */
    readTroubles,
    /** While set, every changing call meets it. */
    everyChange: undefined as Trouble | undefined,
    /** While set, every read meets it. */
    everyRead: undefined as Trouble | undefined,
    /** ms until an accepted deletion takes effect. */
    delay: 0,
    /** While set, deletions end with this reason and remove nothing. */
    jobFailure: undefined as string | undefined,
    /** Whether answers to a deletion name the job. */
    namesJob: true,
    /** The id of the nth job. */
    jobIdOf: (nth: number) => `job-${nth}`,
    /** Rows in a page, whatever was asked for. */
    mostRows: 100,
    /** Whether listings heed the principal, account and set they are asked for. */
    filters: true,
    /** What `offset` of the ModelArts listing counts. */
    offsetCounts: 'pages' as 'pages' | 'entries',
    /** What `user_id=all` and `all-users` delete. */
    allTakes: 'users' as 'users' | 'everything',
    /** Called when a changing call arrives, before it acts. */
    onChange: (_change: Change): void => {},
    reads: () => reads,
  };

  const settleDue = (): void => {
    for (const job of jobs) {
      if (job.finished || job.doneAt > clock.now()) continue;
      job.finished = true;
      if (job.failure === undefined) {
        state.assignments = state.assignments.filter((row) => !sameRow(row, job.row));
      }
    }
    for (const due of later.filter(({ at }) => at <= clock.now())) {
      later.splice(later.indexOf(due), 1);
      due.act();
    }
  };

  const after = (act: () => void): void => {
    if (state.delay === 0) act();
    else later.push({ at: clock.now() + state.delay, act });
  };

  const paged = (rows: readonly unknown[], key: string, request: CloudRequest<unknown>): unknown => {
    const size = Math.min(Number(request.query?.limit ?? 100), state.mostRows);
    const from = Number(String(request.query?.marker ?? 'm0').slice(1));
    const next = from + size < rows.length ? `m${from + size}` : null;
    const page = rows.slice(from, from + size);
    return { [key]: page, page_info: { next_marker: next, current_count: page.length } };
  };

  const statusOf = (job: Job): Record<string, unknown> => ({
    account_assignment_deletion_status: {
      request_id: job.id,
      status: !job.finished ? 'IN_PROGRESS' : job.failure === undefined ? 'SUCCEEDED' : 'FAILED',
      ...(job.finished && job.failure !== undefined && { failure_reason: job.failure }),
      principal_id: job.row.principal_id,
      principal_type: job.row.principal_type,
      permission_set_id: job.row.permission_set_id,
      target_id: job.row.account_id,
      target_type: 'ACCOUNT',
    },
  });

  const deleteAssignment = (body: Readonly<Record<string, unknown>>): unknown => {
    const row = {
      account_id: String(body.target_id),
      permission_set_id: String(body.permission_set_id),
      principal_id: String(body.principal_id),
      principal_type: String(body.principal_type),
    };
    if (!state.assignments.some((known) => sameRow(known, row))) throw refusal(404, 'IIC.404');
    const job: Job = {
      id: state.jobIdOf(jobs.length + 1),
      row,
      doneAt: clock.now() + state.delay,
      failure: state.jobFailure,
      finished: false,
    };
    jobs.push(job);
    const answer = statusOf(job);
    if (state.namesJob) return answer;
    return { account_assignment_deletion_status: { status: 'IN_PROGRESS' } };
  };

  const isAllEntry = (row: AuthorizationRow): boolean =>
    row.user_type === 'all-users' || row.user_id === 'all' || row.user_id === 'all-users';

  const deleteAuthorizations = (project: string, user: unknown): unknown => {
    const keeps = (row: AuthorizationRow): boolean => {
      if (user === 'all') return state.allTakes === 'users' && isAllEntry(row);
      if (user === 'all-users') return !isAllEntry(row);
      return row.user_id !== user;
    };
    after(() => {
      authorizations.set(project, (authorizations.get(project) ?? []).filter(keeps));
    });
    return { result: 'true' };
  };

  const listAuthorizations = (project: string, query: Readonly<Record<string, string | number>>): unknown => {
    const rows = authorizations.get(project) ?? [];
    const size = Math.min(Number(query.limit), state.mostRows === 100 ? 1000 : state.mostRows);
    const from = Number(query.offset) * (state.offsetCounts === 'pages' ? size : 1);
    return { total_count: rows.length, auth: rows.slice(from, from + size) };
  };

  const answer = (request: CloudRequest<unknown>): unknown => {
    const { method, body = {}, query = {} } = request;
    const what = `${method} ${request.path.map((part, i) => (i === 1 || i === 2 ? '*' : part)).join('/')}`;
    const project = request.path[1] ?? '';
    switch (what) {
      case 'GET v1/*/*/account-assignments':
        return paged(
          state.assignments.filter(
            (row) =>
              !state.filters ||
              (row.account_id === query.account_id && row.permission_set_id === query.permission_set_id),
          ),
          'account_assignments',
          request,
        );
      case 'GET v1/*/*/account-assignments-for-principals':
        return paged(
          state.assignments.filter(
            (row) =>
              !state.filters ||
              (row.principal_id === query.principal_id && row.principal_type === query.principal_type),
          ),
          'account_assignments',
          request,
        );
      case 'POST v1/*/*/account-assignments/delete':
        return deleteAssignment(body);
      case 'GET v1/*/*/account-assignments/deletion-statuses':
        return paged(
          jobs
            .filter((job) => query.status !== 'IN_PROGRESS' || !job.finished)
            .map((job) => ({ request_id: job.id })),
          'account_assignments_deletion_status',
          request,
        );
      case 'POST v1/*/*/disassociate-profile':
        after(() => {
          state.assignments = state.assignments.filter(
            (row) => row.principal_id !== body.id || row.principal_type !== body.accessor_type,
          );
        });
        return undefined;
      case 'GET v2/*/*':
        return listAuthorizations(project, query);
      case 'DELETE v2/*/*':
        return deleteAuthorizations(project, query.user_id);
      default: {
        const [, , , , kind, id] = request.path;
        const job = kind === 'deletion-status' ? jobs.find((known) => known.id === id) : undefined;
        if (job === undefined) throw refusal(404, 'APIGW.0101');
        return statusOf(job);
      }
    }
  };

  const act = (request: CloudRequest<unknown>, trouble: Trouble | undefined): unknown => {
    if (trouble === undefined) return answer(request);
    if ('acted' in trouble && trouble.acted) answer(request);
    throw faultOf(trouble);
  };

  const cloud: Cloud = {
    call: async (request) => {
      await Promise.resolve();
      if (!request.path.every((segment) => /^[A-Za-z0-9-]+$/.test(segment)))
        throw new RangeError(`No path: ${request.path.join('/')}`);
      settleDue();
      let body: unknown;
      if (request.effect === 'change') {
        const change = {
          at: clock.now(),
          method: request.method,
          service: request.service,
          path: request.path.join('/'),
          query: request.query ?? {},
          body: request.body,
          project: request.project,
          region: request.region,
        };
        changes.push(change);
        state.onChange(change);
        body = act(request, changeTroubles.shift() ?? state.everyChange);
      } else {
        reads += 1;
        body = act(request, readTroubles.shift() ?? state.everyRead);
      }
      settleDue();
      const parsed = request.answer.safeParse(structuredClone(body));
      if (!parsed.success) throw faultOf({ as: 'unexpected-answer', acted: true });
      return { body: parsed.data, status: 200, requestId: `req-${reads}-${changes.length}` };
    },
  };
  return Object.assign(state, cloud);
};
