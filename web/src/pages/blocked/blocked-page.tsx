/** Who is blocked now. */
import { Empty } from '../../table/empty.tsx';
import { Page } from '../../shell/page.tsx';

export function BlockedPage() {
  return (
    <Page title="Blocked">
      <Empty title="This page is being built" text="The command line has it: ringfence blocked" />
    </Page>
  );
}
