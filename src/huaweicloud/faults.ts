import type { z } from 'zod';
import { CloudFault, type CloudFaultFamily } from '../domain/ports.ts';
import { parseErrorBody } from './error-body.ts';
import type { Hide } from './hide.ts';

const MESSAGE_LIMIT = 500;
const CODE_LIMIT = 64;
const REQUEST_ID_LIMIT = 128;

/** Prefix of the codes that this client gives itself, because nothing was sent. */
const OWN_CODE = 'PORTCULLIS.';

/** Answers after which the same call can succeed later. A 401 can, once the pause is over and the key is right. */
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([401, 408, 429, 500, 502, 503, 504]);

/** An answer as it came: the body is bytes still, or what arrived of it. */
export interface RawAnswer {
  readonly status: number;
  /** Value of `X-Request-Id`. */
  readonly requestId?: string;
  /** Milliseconds that `Retry-After` asks to wait. */
  readonly retryAfterMs?: number;
  readonly body: Buffer;
}

interface Said {
  readonly status: number | undefined;
  readonly code: string | undefined;
}

/**
 * Published codes end in the same number under two prefixes (`IIC.`, `IdentityCenter.`): match the number.
 * The HTTP status is part of the meaning (1210 has two).
 */
function isNumbered(said: Said, status: number, number: string): boolean {
  return said.status === status && said.code?.split('.').at(-1) === number;
}

/** "Concurrency conflicts. Try again later.": surely not accepted. */
export function isConflict(said: Said): boolean {
  return isNumbered(said, 409, '1006');
}

/** True when this client itself held the call back: asking again at once would change nothing. */
export function isHeldBack(fault: CloudFault): boolean {
  return fault.family === 'not-reached' && fault.code?.startsWith(OWN_CODE) === true;
}

/** A call that was held back before anything was sent. `code` gets the prefix `PORTCULLIS.`. */
export function heldBack(code: string, message: string): CloudFault {
  return new CloudFault('not-reached', message, { code: `${OWN_CODE}${code}`, retryable: true });
}

/** For a status that is not 2xx. 3xx is unexpected, because redirects are never followed. */
function familyOf(status: number): Exclude<CloudFaultFamily, 'not-reached'> {
  if (status < 400) return 'unexpected-answer';
  // 408: a proxy may say so after it has passed the request on. When in doubt, it may have been accepted.
  return status < 500 && status !== 408 ? 'refused' : 'too-late';
}

function leadingWords(status: number): string {
  switch (familyOf(status)) {
    case 'refused':
      return `The cloud refused the call (HTTP ${status})`;
    case 'too-late':
      return `The cloud failed while it worked on the call (HTTP ${status})`;
    case 'unexpected-answer':
      return `The cloud answered HTTP ${status}, which was not agreed on and is not followed`;
  }
}

/** The fault for any answer that is not 2xx. */
export function faultOfAnswer(answer: RawAnswer, hide: Hide): CloudFault {
  const { status } = answer;
  const said = parseErrorBody(answer.body.toString('utf8'));
  const detail = status < 400 ? '' : hide(said.message ?? '', MESSAGE_LIMIT);
  const message = detail === '' ? `${leadingWords(status)}.` : `${leadingWords(status)}: ${detail}`;
  const code = hide(said.code ?? String(status), CODE_LIMIT);
  const requestId = answer.requestId ?? said.requestId;
  return new CloudFault(familyOf(status), hide(message, MESSAGE_LIMIT), {
    status,
    code,
    requestId: requestId === undefined ? undefined : hide(requestId, REQUEST_ID_LIMIT),
    // 1007: "Data modification failed", to be read again and tried once more.
    retryable:
      RETRYABLE_STATUSES.has(status) ||
      isConflict({ status, code }) ||
      isNumbered({ status, code }, 409, '1007'),
  });
}

/** The fault for a 2xx whose body is not the agreed one. Names the places that were wrong, never values. */
export function faultOfForm(answer: RawAnswer, wrong: string, hide: Hide): CloudFault {
  return new CloudFault(
    'unexpected-answer',
    hide(`The cloud answered HTTP ${answer.status} in a form nobody agreed on: ${wrong}`, MESSAGE_LIMIT),
    {
      status: answer.status,
      requestId: answer.requestId === undefined ? undefined : hide(answer.requestId, REQUEST_ID_LIMIT),
      retryable: false,
    },
  );
}

/** Places at which an answer differs from its schema, such as `account_assignments.0.principal_id`. */
export function wrongPlaces(error: z.ZodError): string {
  const places = error.issues.map((issue) => issue.path.map(String).join('.') || 'the body as a whole');
  return `wrong or missing: ${[...new Set(places)].join(', ')}.`;
}

/**
 * The fault for an exchange that brought no usable answer.
 * @param written whether any byte of the request may have left; then the cloud may have accepted it
 * @param error what the network said; only its code and its bounded text are kept
 */
export function faultOfNetwork(written: boolean, error: NetworkError, hide: Hide): CloudFault {
  const text = hide(`${error.code}: ${error.message}`, MESSAGE_LIMIT - 100);
  const message = written
    ? `The request was sent, and no whole answer came back (${text}).`
    : `The cloud could not be reached, nothing was sent (${text}).`;
  return new CloudFault(written ? 'too-late' : 'not-reached', message, {
    code: hide(error.code, CODE_LIMIT),
    retryable: true,
  });
}

/** What is kept of a network error. The error itself may hold bytes of the answer, which may echo secrets. */
export interface NetworkError {
  readonly code: string;
  readonly message: string;
}
