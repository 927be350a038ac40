/** Never blocked. */
import { Empty } from '../../table/empty.tsx';
import { Page } from '../../shell/page.tsx';

export function AllowlistPage() {
  return (
    <Page title="Allowlist">
      <Empty title="This page is being built" text="The command line has it: ringfence allow list" />
    </Page>
  );
}
