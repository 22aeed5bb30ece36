/** The last lines of a run: what was not run and why, then the tally that CI reads. */
import type { Reporter, TestModule } from 'vitest/node';

export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    for (const test of tests) {
      const result = test.result();
      if (result.state === 'skipped') console.log(`not run: ${test.fullName} — ${result.note ?? 'no reason given'}`);
      if (test.diagnostic()?.flaky)
        console.log(`passed on the second try: ${test.module.moduleId.split('/').at(-1)}: ${test.fullName}`);
    }
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    console.log(`${count('passed')} passed, ${count('failed') + broken} failed, ${count('skipped')} skipped`);
  }
}
