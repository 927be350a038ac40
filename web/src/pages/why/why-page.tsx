/** tmp */
import { Empty } from '../../table/empty.tsx';
import { Page } from '../../shell/page.tsx';

export function WhyPage() {
  return (
    <Page title="Why">
      <Empty title="This page is being built" text="The command line has it: ringfence doctor" />
    </Page>
  );
}
