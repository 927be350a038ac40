import { expect, it } from 'vitest';
import { FakeKernel } from '../enforce/fake-kernel.ts';
import { compilePolicy } from '../policy/compile.ts';
import { defaultDocument } from '../policy/default-document.ts';
import { warmUp } from './warm-up.ts';

it('practises verdicts of every detector that its attacks are for, and leaves nothing in the kernel', () => {
  const kernel = new FakeKernel({ now: () => 0, table: true });
  const verdicts = warmUp(compilePolicy(defaultDocument), kernel);
  const reasons = new Set(verdicts.map(({ reason }) => reason));
  expect([...reasons].sort()).toEqual([
    'enumeration.users-refused',
    'register-bruteforce.bad-registrations',
    'scanner-agent.certain',
  ]);
  expect(kernel.list('block')).toEqual([]);
});
