import type { Summary } from '../domain/summary.ts';

/** What is kept of a stream: no facts, only where they stand. */
export interface Stream {
  /** Number of its facts. */
  version: number;
  /** Sequence number of its last fact; 0 when there is none. */
  last: number;
}

interface RequestStream extends Stream {
  summary: Summary;
}

/** All requests there are. */
export interface Requests {
  /** How many, which is also the last one's number. */
  readonly count: () => number;
  get(id: string): RequestStream | undefined;
  /** Takes in one that is new, or in another form. */
  set(request: RequestStream): void;
  newestFirst(): Generator<RequestStream>;
}

export const requestId = (number: number): string => `R-${String(number).padStart(6, '0')}`;

/** @param id of a request; any other text has no number that counts */
export const requestNumber = (id: string): number => Number(id.slice(2));

/** @param count how many will be taken in, in any order, before a new one is */
export const createRequests = (count: number): Requests => {
  const streams = Array.from({ length: count }, (): RequestStream | undefined => undefined);

  return {
    count: () => streams.length,
    get: (id) => {
      const stream = streams[requestNumber(id) - 1];
      return stream?.summary.id === id ? stream : undefined;
    },
    set: (request) => {
      streams[requestNumber(request.summary.id) - 1] = request;
    },
    newestFirst: function* newestFirst() {
      for (let number = streams.length; number > 0; number -= 1) {
        const stream = streams[number - 1];
        if (stream !== undefined) yield stream;
      }
    },
  };
};
