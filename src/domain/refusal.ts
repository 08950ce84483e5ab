import type { CloudFault } from './ports.ts';

/**
 * Whether an answer names a code of its own. One that only repeats the HTTP status, as the client does for want of
 * another, may be a proxy's page: it says nothing of what was asked.
 */
export const hasOwnCode = ({ code, status }: Pick<CloudFault, 'code' | 'status'>): boolean =>
  code !== String(status);

/** Whether the service itself refused, and will refuse it again. */
export const isRefusedForGood = (fault: CloudFault): boolean =>
  fault.family === 'refused' && !fault.retryable && hasOwnCode(fault);
