import { diskLedger, memoryLedger, temporaryFolder } from '../kit/ledger.ts';
import { devicesContract } from './devices.contract.ts';
import { ledgerContract } from './ledger.contract.ts';

const onDisk = () => {
  const { folder, remove } = temporaryFolder();
  const open = diskLedger(folder);
  return {
    ...open,
    async close() {
      await open.close();
      remove();
    },
  };
};

for (const contract of [ledgerContract, devicesContract]) {
  contract('memory', memoryLedger);
  contract('SQLite', onDisk);
}
