/** One incident. */
import { Empty } from '../../table/empty.tsx';
import { Page } from '../../shell/page.tsx';

export function AttackPage() {
  return (
    <Page title="Attack">
      <Empty title="This page is being built" text="The command line has it: ringfence attacks show ID" />
    </Page>
  );
}
