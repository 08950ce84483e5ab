import type { CloudFault, CloudRequest, CloudService } from '../domain/ports.ts';
import { isConflict, isHeldBack } from './faults.ts';

const MOST_TRIES = 4;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
const REPEATABLE_FOR_READS: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

export interface FailedTry {
  readonly service: CloudService;
  readonly effect: CloudRequest<unknown>['effect'];
  readonly fault: CloudFault;
  /** 1 for the first try. */
  readonly attempt: number;
  /** From 0 up to 1: spreads the repeats of several callers. */
  readonly random: number;
}

function readMayRepeat(fault: CloudFault): boolean {
  if (fault.status !== undefined) return REPEATABLE_FOR_READS.has(fault.status);
  return fault.family === 'not-reached' || fault.family === 'too-late';
}

/** Only what was surely not accepted: a second deletion must never follow from a guess. */
function changeMayRepeat(service: CloudService, fault: CloudFault): boolean {
  return (
    fault.family === 'not-reached' ||
    fault.status === 429 ||
    (service === 'identitycenter' && isConflict(fault))
  );
}

/** Half a second after the first try, doubling, at most eight; between half and all of it. Milliseconds. */
export function waitAfter(attempt: number, random: number): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
  return Math.round(full * (0.5 + random / 2));
}

/** Milliseconds to wait before the same call is tried again, or undefined to give up and report. */
export function waitBeforeRepeat(failed: FailedTry): number | undefined {
  const { service, effect, fault, attempt, random } = failed;
  if (attempt >= MOST_TRIES || isHeldBack(fault)) return undefined;
  const may = effect === 'read' ? readMayRepeat(fault) : changeMayRepeat(service, fault);
  return may ? waitAfter(attempt, random) : undefined;
}
