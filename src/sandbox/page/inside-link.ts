import type { SlackScene } from '../wire.ts';
import type { Where } from './where.ts';

const permalink = /^\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})$/;

/** Where in the page a link into the workspace leads; undefined for every other link. */
export const insideLink = (url: string, { domain, places }: SlackScene): Partial<Where> | undefined => {
  if (!URL.canParse(url)) return undefined;
  const { host, pathname, searchParams } = new URL(url);
  const [, id, seconds, rest] = permalink.exec(pathname) ?? [];
  if (host !== `${domain}.slack.com` || id === undefined) return undefined;
  const place = places.find((one) => one.id === id);
  if (place === undefined) return undefined;
  const ts = `${seconds}.${rest}`;
  const hasReplies = place.messages.some(({ thread }) => thread === ts);
  return {
    at: place.kind === 'im' ? 'app' : place.name,
    thread: searchParams.get('thread_ts') ?? (hasReplies ? ts : null),
  };
};
