import { CloudFault } from '../domain/ports.ts';
import { CloudId } from '../domain/principal.ts';
import { hasOwnCode } from '../domain/refusal.ts';

/** Published codes have changed their prefix; the number stayed. */
const numberOf = (fault: CloudFault): string | undefined => fault.code?.split('.').at(-1);

/**
 * Whether the cloud said that there is no such thing. A 404 of the gateway (`APIGW.0101`) says that there is no
 * such API, 1254 that Identity Center is not set up, and one without a code of its own may be a proxy's page: they
 * tell nothing about the thing. 400 with 1210 is "Account not found"; 409 with the same number is something else.
 */
const saysAbsent = (fault: CloudFault): boolean => {
  if (fault.family !== 'refused') return false;
  if (fault.status === 400) return numberOf(fault) === '1210';
  const aboutTheApi = /^API[GC]W?\./.test(fault.code ?? '') || numberOf(fault) === '1254';
  return fault.status === 404 && hasOwnCode(fault) && !aboutTheApi;
};

/**
 * Reads one thing by its exact id, straight from the cloud. Where the bot may list but not describe (403), a
 * listing read to its last page answers instead.
 * @param locate where to ask; what the cloud answers to that says nothing about the thing
 * @returns undefined when the cloud says that there is no such thing, or nothing can have this id
 * @throws {CloudFault} for everything else
 */
export const readById = async <Place, T extends { readonly id: string }>(
  id: string,
  locate: () => Promise<Place>,
  describe: (place: Place) => Promise<T>,
  list: () => Promise<readonly T[]>,
): Promise<T | undefined> => {
  if (!CloudId.safeParse(id).success) return undefined;
  const place = await locate();
  try {
    const found = await describe(place);
    if (found.id === id) return found;
  } catch (error) {
    if (!(error instanceof CloudFault)) throw error;
    if (saysAbsent(error)) return undefined;
    if (error.status !== 403) throw error;
    return (await list()).find((row) => row.id === id);
  }
  throw new CloudFault('unexpected-answer', `The cloud answered with another thing than ${id}.`, {
    retryable: false,
  });
};
