/** Lists that others keep. */
import { Empty } from '../../table/empty.tsx';
import { Page } from '../../shell/page.tsx';

export function FeedsPage() {
  return (
    <Page title="Feeds">
      <Empty title="This page is being built" text="The command line has it: ringfence feeds" />
    </Page>
  );
}
