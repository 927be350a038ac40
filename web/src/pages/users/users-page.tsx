/** tmp */
import { Empty } from '../../table/empty.tsx';
import { Page } from '../../shell/page.tsx';

export function UsersPage() {
  return (
    <Page title="Users">
      <Empty title="This page is being built" text="The command line has it: ringfence doctor" />
    </Page>
  );
}
