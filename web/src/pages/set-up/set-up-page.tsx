/** tmp */
import { Empty } from '../../table/empty.tsx';
import { Page } from '../../shell/page.tsx';

export function SetUpPage() {
  return (
    <Page title="SetUp">
      <Empty title="This page is being built" text="The command line has it: ringfence doctor" />
    </Page>
  );
}
