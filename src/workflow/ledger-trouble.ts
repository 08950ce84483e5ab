import { type Ledger, LedgerFault } from '../domain/ports.ts';

/**
 * While the ledger is in trouble nothing is executed, even where it still takes appends: so what would only wait is
 * refused, and nobody is promised that it is being done.
 * @throws {LedgerFault} in words for the person who asks
 */
export const refuseInTrouble = (ledger: Pick<Ledger, 'trouble'>): void => {
  const trouble = ledger.trouble();
  if (trouble !== undefined) throw new LedgerFault(trouble);
};
