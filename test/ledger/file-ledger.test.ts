import { describeLedger } from './contract.ts';
import { openTemporary, temporaryDirectory } from './temporary-ledger.ts';

describeLedger('file ledger', async (clock) => openTemporary(await temporaryDirectory(), { clock }));
