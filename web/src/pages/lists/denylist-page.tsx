/** Always blocked. */
import { Empty } from '../../table/empty.tsx';
import { Page } from '../../shell/page.tsx';

export function DenylistPage() {
  return (
    <Page title="Denylist">
      <Empty title="This page is being built" text="The command line has it: ringfence deny list" />
    </Page>
  );
}
