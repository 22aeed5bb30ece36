/** Every property test draws from one seed, so that a run can be repeated; OPERARY_SEED=random looks for new cases and says which it took. */
import fc from 'fast-check';

const wanted = process.env['OPERARY_SEED'] ?? '20261121';
const seed = wanted === 'random' ? Date.now() | 0 : Number(wanted);
if (wanted === 'random') console.log(`OPERARY_SEED=${seed}`);
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed, verbose: 0 });
