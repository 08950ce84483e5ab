import { gatewayRefusal } from './refusals.ts';

export interface Throttle {
  /** @throws {Refusal} 429 `APIGW.0308` for a call over the limit; it does not count against later ones */
  check(operation: string, ratePerSecond: number | null, now: number): void;
}

/** Counts accepted calls per operation over the last second of the cloud's clock. */
export const createThrottle = (): Throttle => {
  const accepted = new Map<string, number[]>();
  return {
    check: (operation, ratePerSecond, now) => {
      const recent = (accepted.get(operation) ?? []).filter((at) => at > now - 1_000);
      if (ratePerSecond !== null && recent.length >= ratePerSecond)
        throw gatewayRefusal(429, '0308', 'The throttling threshold has been reached.');
      accepted.set(operation, [...recent, now]);
    },
  };
};
