import type { Mint } from './mint.ts';

/** Reference 2.9. */
const USES = 5;
const LIFE_MS = 30 * 60_000;

/** What a response_url belongs to. */
export interface ResponseTarget {
  readonly userId: string;
  readonly channelId: string;
  /** The message with the clicked button; absent for commands. */
  readonly originalTs?: string;
  readonly threadTs?: string;
}

export interface ResponseUrls {
  /** A new path below the server's base URL. */
  mint(target: ResponseTarget): string;
  /** Takes one use. Says `expired_url` or `used_url` when there is none left, or the URL is unknown. */
  use(path: string): ResponseTarget | 'expired_url' | 'used_url';
}

export const createResponseUrls = (now: () => number, mint: Mint): ResponseUrls => {
  const known = new Map<string, { target: ResponseTarget; uses: number; expiresAt: number }>();
  return {
    mint: (target) => {
      const path = `/response/${mint.secret()}`;
      known.set(path, { target, uses: 0, expiresAt: now() + LIFE_MS });
      return path;
    },
    use: (path) => {
      const url = known.get(path);
      if (url === undefined || now() > url.expiresAt) return 'expired_url';
      if (url.uses >= USES) return 'used_url';
      url.uses += 1;
      return url.target;
    },
  };
};
