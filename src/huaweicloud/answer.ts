import type { z } from 'zod';
import type { CloudAnswer } from '../domain/ports.ts';
import type { Exchange } from './exchange.ts';
import { faultOfAnswer, faultOfForm, faultOfNetwork, type RawAnswer, wrongPlaces } from './faults.ts';
import type { Hide } from './hide.ts';

const REQUEST_ID_LIMIT = 128;
const Utf8 = new TextDecoder('utf-8', { fatal: true });

/** The JSON of a body; undefined for an empty one, which is normal for some calls. Throws for anything else. */
function parsed(body: Buffer): unknown {
  const text = Utf8.decode(body);
  return text.trim() === '' ? undefined : JSON.parse(text);
}

function readAnswer<A>(answer: RawAnswer, schema: z.ZodType<A>, hide: Hide): CloudAnswer<A> {
  let value: unknown;
  try {
    value = parsed(answer.body);
  } catch {
    throw faultOfForm(answer, 'the body is not JSON.', hide);
  }
  const checked = schema.safeParse(value);
  if (!checked.success) throw faultOfForm(answer, wrongPlaces(checked.error), hide);
  const { status, requestId } = answer;
  return {
    body: checked.data,
    status,
    ...(requestId === undefined ? {} : { requestId: hide(requestId, REQUEST_ID_LIMIT) }),
  };
}

const known = new WeakMap<RawAnswer, Map<z.ZodType, CloudAnswer<unknown>>>();

/** Reads an answer once for each schema: where a hundred callers share one, a hundred readings hold up all else. */
function agreed<A>(answer: RawAnswer, schema: z.ZodType<A>, hide: Hide): CloudAnswer<A> {
  const ofAnswer = known.get(answer) ?? new Map<z.ZodType, CloudAnswer<unknown>>();
  known.set(answer, ofAnswer);
  const read = ofAnswer.get(schema) ?? readAnswer(answer, schema, hide);
  ofAnswer.set(schema, read);
  // What is kept under a schema was read with it.
  return read as CloudAnswer<A>;
}

/**
 * What an exchange means for the caller.
 * @throws {CloudFault} for everything that is not a 2xx with the agreed body
 */
export function conclude<A>(outcome: Exchange, schema: z.ZodType<A>, hide: Hide): CloudAnswer<A> {
  switch (outcome.result) {
    case 'not-written':
      throw faultOfNetwork(false, outcome.error, hide);
    case 'cut':
      throw faultOfNetwork(true, outcome.error, hide);
    case 'too-big': {
      const { answer } = outcome;
      throw isSuccess(answer.status)
        ? faultOfForm(answer, 'the body is too big.', hide)
        : faultOfAnswer(answer, hide);
    }
    case 'answer': {
      const { answer } = outcome;
      if (!isSuccess(answer.status)) throw faultOfAnswer(answer, hide);
      return agreed(answer, schema, hide);
    }
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** What an exchange says about the key that signed it. Only 2xx and 401 say anything for sure. */
export function keyVerdict(outcome: Exchange): 'accepted' | 'rejected' | 'unknown' {
  if (outcome.result !== 'answer' && outcome.result !== 'too-big') return 'unknown';
  if (isSuccess(outcome.answer.status)) return 'accepted';
  return outcome.answer.status === 401 ? 'rejected' : 'unknown';
}

/** What an exchange says about the host: an answer that is not 5xx came from something that works. */
export function hostVerdict(outcome: Exchange): 'answered' | 'failed' {
  if (outcome.result !== 'answer' && outcome.result !== 'too-big') return 'failed';
  return outcome.answer.status >= 500 ? 'failed' : 'answered';
}

/** Milliseconds that a throttled answer (429) asks to wait; undefined when it was no such answer. */
export function throttledFor(outcome: Exchange): number | undefined {
  if (outcome.result !== 'answer' || outcome.answer.status !== 429) return undefined;
  return outcome.answer.retryAfterMs ?? 0;
}
