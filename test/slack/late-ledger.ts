import { type Ledger, LedgerFault } from '../../src/domain/ports.ts';

/** The ledger, which takes only at the third try that somebody was notified. */
export const takesNoticesLate = (ledger: Ledger) => {
  let failures = 2;
  const append: Ledger['append'] = async (id, version, facts, options) => {
    if (facts.some(({ fact }) => fact === 'notified') && failures > 0) {
      failures -= 1;
      throw new LedgerFault('full');
    }
    return ledger.append(id, version, facts, options);
  };
  return { ledger: { ...ledger, append }, hasFailed: () => failures === 0 };
};
