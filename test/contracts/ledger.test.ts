import { diskLedger, memoryLedger, temporaryFolder } from '../kit/ledger.ts';
import { ledgerContract } from './ledger.contract.ts';

ledgerContract('memory', memoryLedger);

ledgerContract('SQLite', () => {
  const { folder, remove } = temporaryFolder();
  const open = diskLedger(folder);
  return {
    ...open,
    async close() {
      await open.close();
      remove();
    },
  };
});
