import type { Clock, Ledger, Log } from '../domain/ports.ts';
import type { Request } from '../domain/request.ts';
import { load } from '../workflow/amend.ts';
import { requestView } from './request-view.ts';
import { slackFault } from './slack-fault.ts';
import { createWatch } from './watch.ts';

/** A view is kept up to date for this long (ms) after it was last drawn for its reader, and so many at most. */
const watchedFor = 60 * 60_000;
const mostWatched = 200;
/** Changes are gathered for so long (ms) before views are drawn again: buttons must go soon. */
const gathering = 500;
const idle = 60_000;

/** A request in a view that somebody has open. */
export interface OpenView {
  readonly view: string;
  readonly id: string;
  readonly user: string;
  /** What came of the reader's last click; it stays while the rest changes. */
  readonly said?: string | undefined;
}

export interface OpenViews {
  /** The view shows the request like this; while it was drawn, the request may have gone on. */
  shown(view: OpenView, request: Request): void;
  /** Its reader closed the view, or it shows something else. */
  closed(view: string): void;
  start(): void;
  stop(): Promise<void>;
}

interface Watched extends OpenView {
  readonly until: number;
  readonly rendering: string;
}

/** What of a view follows from the request alone; who may do what is looked up when it is drawn. */
const renderingOf = (request: Request): string => JSON.stringify(requestView(request, [], undefined));

/**
 * The views of requests that people have open, drawn again when their request has changed: no button outlives an
 * approval, a denial or an expiry in front of somebody who does nothing. Lives in memory only; whatever is clicked in
 * a view from before a restart is decided on the stored request.
 */
export const createOpenViews = (needs: {
  readonly ledger: Pick<Ledger, 'subscribe' | 'ofRequest'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Draws the request as it is now; says so with {@link OpenViews.shown} or {@link OpenViews.closed}. */
  readonly draw: (view: OpenView) => Promise<void>;
}): OpenViews => {
  const { ledger, clock, log, draw } = needs;
  const watched = new Map<string, Watched>();

  const levelOne = async ({ until, rendering, ...view }: Watched): Promise<void> => {
    const request = until > clock.now() ? await load(ledger, view.id) : undefined;
    if (request === undefined) watched.delete(view.view);
    else if (renderingOf(request) !== rendering) await draw(view);
  };

  const level = async (signal: AbortSignal): Promise<void> => {
    for (const view of Array.from(watched.values())) {
      if (signal.aborted) return;
      try {
        await levelOne(view);
      } catch (error) {
        const { code } = slackFault(error);
        log.warn('An open view could not be brought up to date', { id: view.id, code });
      }
    }
  };
  const watch = createWatch({ ledger, clock, gathering, idle, level });

  return {
    shown(view, request) {
      watched.delete(view.view);
      watched.set(view.view, { ...view, rendering: renderingOf(request), until: clock.now() + watchedFor });
      const [oldest] = watched.size > mostWatched ? watched.keys() : [];
      if (oldest !== undefined) watched.delete(oldest);
      watch.nudge();
    },
    closed: (view) => void watched.delete(view),
    start: () => watch.start(),
    stop: () => watch.stop(),
  };
};
