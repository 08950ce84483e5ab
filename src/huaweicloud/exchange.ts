import type { Dispatcher } from 'undici';
import type { NetworkError, RawAnswer } from './faults.ts';
import type { SignedRequest } from './wire-request.ts';

/** Far above the largest page of any list that is read. */
export const BODY_LIMIT = 8 * 1024 * 1024;

export type Exchange =
  | { readonly result: 'answer'; readonly answer: RawAnswer }
  /** An answer that is larger than anything agreed on. */
  | { readonly result: 'too-big'; readonly answer: RawAnswer }
  /** No byte of the request left this process. */
  | { readonly result: 'not-written'; readonly error: NetworkError }
  /** The request was written at least in part, and no whole answer came. */
  | { readonly result: 'cut'; readonly error: NetworkError };

type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

function headerOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** `Retry-After` in whole seconds. The form with a date is not used by the gateway, so it is left alone. */
function retryAfterMs(headers: Headers): number | undefined {
  const text = headerOf(headers, 'retry-after');
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) * 1000 : undefined;
}

function asNetworkError(error: unknown): NetworkError {
  if (!(error instanceof Error)) return { code: 'UNKNOWN', message: 'no reason was given' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return { code, message: error.message };
}

/**
 * One HTTP exchange, never repeated and never redirected.
 * Waits for these events of the dispatcher, in this order:
 * `onRequestStart` comes right before the first byte is written, after the connection stands. Whatever goes
 * wrong before it was surely not accepted; whatever goes wrong after it may have been.
 * @param timeoutMs for the whole exchange, from connecting to the last byte of the body
 */
export function exchange(
  dispatcher: Dispatcher,
  request: SignedRequest,
  timeoutMs: number,
): Promise<Exchange> {
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined;
    let head: Omit<RawAnswer, 'body'> | undefined;
    let settled = false;
    let size = 0;
    const chunks: Buffer[] = [];
    const deadline = AbortSignal.timeout(timeoutMs);

    function settle(outcome: Exchange): void {
      if (settled) return;
      settled = true;
      deadline.removeEventListener('abort', onDeadline);
      resolve(outcome);
    }
    function fail(error: NetworkError): void {
      if (controller === undefined) settle({ result: 'not-written', error });
      // The status alone says that it was refused; only the words are missing.
      else if (head !== undefined && head.status >= 400) settle({ result: 'answer', answer: answered(head) });
      else settle({ result: 'cut', error });
    }
    function answered(start: Omit<RawAnswer, 'body'>): RawAnswer {
      return { ...start, body: Buffer.concat(chunks) };
    }
    function onDeadline(): void {
      fail({ code: 'TIMED_OUT', message: `no whole answer within ${timeoutMs} ms` });
      controller?.abort(new Error('timed out'));
    }
    deadline.addEventListener('abort', onDeadline);

    dispatcher.dispatch(
      {
        origin: request.origin,
        path: request.target,
        method: request.method,
        headers: request.headers,
        body: request.body.byteLength === 0 ? null : request.body,
      },
      {
        onRequestStart(started) {
          // Settled: it timed out while connecting. A second start: the dispatcher would write it again.
          if (settled || controller !== undefined) started.abort(new Error('given up'));
          else controller = started;
        },
        onResponseStart(_, status, headers) {
          if (status < 200) return;
          const requestId = headerOf(headers, 'x-request-id');
          const pause = retryAfterMs(headers);
          head = {
            status,
            ...(requestId === undefined ? {} : { requestId }),
            ...(pause === undefined ? {} : { retryAfterMs: pause }),
          };
        },
        onResponseData(receiving, chunk) {
          size += chunk.byteLength;
          if (size <= BODY_LIMIT) {
            chunks.push(chunk);
            return;
          }
          if (head !== undefined) settle({ result: 'too-big', answer: { ...head, body: Buffer.alloc(0) } });
          receiving.abort(new Error('answer too big'));
        },
        onResponseEnd() {
          if (head !== undefined) settle({ result: 'answer', answer: answered(head) });
          else fail({ code: 'NO_ANSWER', message: 'the answer had no status' });
        },
        onResponseError(_, error) {
          fail(asNetworkError(error));
        },
      },
    );
  });
}
