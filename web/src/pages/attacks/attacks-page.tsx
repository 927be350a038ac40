/** The log of attacks. */
import { Empty } from '../../table/empty.tsx';
import { Page } from '../../shell/page.tsx';

export function AttacksPage() {
  return (
    <Page title="Attacks">
      <Empty title="This page is being built" text="The command line has it: ringfence attacks" />
    </Page>
  );
}
