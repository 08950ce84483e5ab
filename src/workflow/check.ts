import { checkFacts, type Reread, refuseCheck } from '../domain/again.ts';
import { type Act, onceOf } from './act.ts';
import { type Amended, amend } from './amend.ts';
import { admitRequester } from './assess.ts';
import type { Needs } from './needs.ts';
import { reread } from './reading.ts';

/**
 * A requester has an unverified request read once more. Only reads; what they show is on disk when this returns.
 * @throws {CloudFault} when the cloud could not be asked; nothing was recorded then
 */
export const check = async (
  needs: Pick<Needs, 'ledger' | 'people' | 'policy' | 'cloud' | 'kinds'>,
  id: string,
  act: Act,
): Promise<Amended> => {
  const admitted = await admitRequester(needs, act.user);
  let rereads: readonly Reread[] | undefined;
  return amend(
    needs.ledger,
    id,
    async (request) => {
      if ('code' in admitted) return { result: 'refused', refusal: admitted };
      const refused = refuseCheck(request, admitted);
      if (refused !== undefined) return refused;
      rereads ??= await reread(needs, request, undefined);
      const asked = { by: admitted.person, via: act.via };
      return { result: 'facts', facts: checkFacts(request, rereads, asked) };
    },
    onceOf('check', id, act),
  );
};
