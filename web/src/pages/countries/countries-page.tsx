/** Whole countries. */
import { Empty } from '../../table/empty.tsx';
import { Page } from '../../shell/page.tsx';

export function CountriesPage() {
  return (
    <Page title="Countries">
      <Empty title="This page is being built" text="The command line has it: ringfence geo preview" />
    </Page>
  );
}
