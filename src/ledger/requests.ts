import { isFinal } from '../domain/state.ts';
import type { Summary } from '../domain/summary.ts';
import { createPacking, type Packed, unpack } from './packing.ts';

/** What is kept of a stream: no facts, only where they stand. */
export interface Stream {
  /** Number of its facts. */
  readonly version: number;
  /** Sequence number of its last fact; 0 when there is none. */
  readonly last: number;
}

export interface RequestStream extends Stream {
  readonly summary: Summary;
}

/** All requests there are. */
export interface Requests {
  /** How many, which is also the last one's number. */
  readonly count: () => number;
  get(id: string): RequestStream | undefined;
  /** Takes in one that is new, or as it is now. */
  set(request: RequestStream): void;
  newestFirst(): Generator<RequestStream>;
}

export const requestId = (number: number): string => `R-${String(number).padStart(6, '0')}`;

/** @param id of a request; any other text has no number that counts */
export const requestNumber = (id: string): number => Number(id.slice(2));

/** @param count how many will be taken in, in any order, before a new one is */
export const createRequests = (count: number): Requests => {
  const kept = Array.from({ length: count }, (): RequestStream | Packed | undefined => undefined);
  const pack = createPacking();

  const whole = (number: number): RequestStream | undefined => {
    const request = kept[number - 1];
    return request === undefined || 'summary' in request ? request : unpack(requestId(number), request);
  };

  return {
    count: () => kept.length,
    get: (id) => {
      const request = whole(requestNumber(id));
      return request?.summary.id === id ? request : undefined;
    },
    set: (request) => {
      const { id, progress } = request.summary;
      kept[requestNumber(id) - 1] = isFinal(progress.state) ? pack(request) : request;
    },
    newestFirst: function* newestFirst() {
      for (let number = kept.length; number > 0; number -= 1) {
        const request = whole(number);
        if (request !== undefined) yield request;
      }
    },
  };
};
