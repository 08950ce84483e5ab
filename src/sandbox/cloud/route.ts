import type { z } from 'zod';
import type { CloudService } from './call-log.ts';
import type { Organisation } from './organisation.ts';
import type { Markers } from './paging.ts';
import type { Voice } from './refusals.ts';
import type { CloudSwitches } from './switches.ts';

/** All that an operation may look at. */
export interface World {
  readonly organisation: Organisation;
  readonly switches: CloudSwitches;
  readonly markers: Markers;
  /** Milliseconds since the epoch, the same during one call. */
  readonly now: number;
  /** A new id in the form of a UUID. */
  newId(): string;
}

/** A successful answer; no body means an empty one. */
export interface Answer {
  readonly status: number;
  readonly body?: Readonly<Record<string, unknown>>;
}

interface RawInput {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface RouteFacts {
  /** The documented name of the operation. */
  readonly operation: string;
  readonly service: CloudService;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With `{name}` for each path parameter. */
  readonly path: string;
  readonly effect: 'read' | 'change';
  /** The permission that the caller needs; none when the documentation says so. */
  readonly action?: string;
  readonly voice: Voice;
}

/** One operation at one path. */
export interface Route extends RouteFacts {
  /** @throws {Refusal} for parameters, existence and conflicts, in this order */
  answer(input: RawInput, world: World): Answer;
}

const firstProblem = (error: z.ZodError): string => {
  const issue = error.issues[0];
  return issue === undefined ? 'invalid' : [issue.path.join('.'), issue.message].filter(Boolean).join(' ');
};

/** Joins an operation with the shapes of its parameters: what does not fit them is refused with 400. */
export const route = <P, Q, B>(
  facts: RouteFacts & {
    readonly params: z.ZodType<P>;
    readonly query: z.ZodType<Q>;
    readonly body: z.ZodType<B>;
    readonly answer: (input: { params: P; query: Q; body: B }, world: World) => Answer;
  },
): Route => {
  const parse = <T>(schema: z.ZodType<T>, value: unknown): T => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw facts.voice.badRequest(firstProblem(parsed.error));
  };
  return {
    ...facts,
    answer: (input, world) =>
      facts.answer(
        {
          params: parse(facts.params, input.path),
          query: parse(facts.query, input.query),
          body: parse(facts.body, input.body),
        },
        world,
      ),
  };
};

interface Match {
  readonly route: Route;
  readonly path: Readonly<Record<string, string>>;
}

const matchOne = (candidate: Route, method: string, segments: readonly string[]): Match | undefined => {
  const pattern = candidate.path.split('/').slice(1);
  if (candidate.method !== method || pattern.length !== segments.length) return undefined;
  const path: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (segment === '') return undefined;
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined) path[name] = segment;
    else if (part !== segment) return undefined;
  }
  return { route: candidate, path };
};

/** The route for a path; where two fit, the one with fewer parameters. */
export const findRoute = (
  routes: readonly Route[],
  method: string,
  segments: readonly string[],
): Match | undefined =>
  routes
    .map((candidate) => matchOne(candidate, method, segments))
    .filter((match) => match !== undefined)
    .toSorted((one, other) => Object.keys(one.path).length - Object.keys(other.path).length)[0];
