/** At a glance: am I safe, what changed, what must I do. */
import { Empty } from '../../table/empty.tsx';
import { Page } from '../../shell/page.tsx';

export function OverviewPage() {
  return (
    <Page title="Overview">
      <Empty title="This page is being built" text="The command line has it: ringfence status" />
    </Page>
  );
}
