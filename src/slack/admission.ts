import { z } from 'zod';

/** Seconds by which a delivery's time stamp may differ from ours, either way (Slack's advice; Bolt checks only the past). */
const mostSkew = 300;

const Origin = z.object({
  api_app_id: z.string().optional(),
  team_id: z.string().optional(),
  team: z.object({ id: z.string() }).nullish(),
});

export interface Home {
  readonly team: string;
  /** Known in Socket Mode, from the app-level token; over HTTP the signature is the app's own. */
  readonly app?: string;
}

/**
 * Why a delivery is not for this installation; undefined when it is. Such deliveries are met with silence and a
 * log line, because whoever sent them is not entitled to an answer.
 * @param timestamp the `X-Slack-Request-Timestamp`, over HTTP only
 */
export const foreign = (
  body: unknown,
  home: Home | undefined,
  delivery: { readonly timestamp?: string; readonly now: number },
): string | undefined => {
  if (delivery.timestamp !== undefined) {
    const skew = Math.abs(delivery.now / 1000 - Number(delivery.timestamp));
    if (!(skew <= mostSkew)) return 'its time stamp is more than five minutes off';
  }
  const origin = Origin.safeParse(body);
  if (!origin.success) return 'it does not say where it comes from';
  if (home === undefined) return 'Slack has not yet told which workspace this is';
  const team = origin.data.team_id ?? origin.data.team?.id;
  if (team !== home.team) return 'it comes from another workspace';
  const app = origin.data.api_app_id;
  if (home.app !== undefined && app !== undefined && app !== home.app) return 'it is meant for another app';
  return undefined;
};

/** The app's id out of an app-level token (`xapp-1-A0123-…`). */
export const appOf = (appToken: string): string | undefined => /^xapp-\d+-(A[A-Z0-9]+)-/.exec(appToken)?.[1];
