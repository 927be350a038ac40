/** The policy as forms. */
import { Empty } from '../../table/empty.tsx';
import { Page } from '../../shell/page.tsx';

export function ProtectionPage() {
  return (
    <Page title="Protection">
      <Empty title="This page is being built" text="The command line has it: ringfence policy" />
    </Page>
  );
}
