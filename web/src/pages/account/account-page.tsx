/** One's own account: password, second factor, sessions; tokens for those who may make them. */
import { Badge, Group } from '@mantine/core';
import { useMay, useSession } from '../../api/session.ts';
import { Page } from '../../shell/page.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import { PasswordSection } from './password-section.tsx';
import { SecondFactorSection } from './second-factor-section.tsx';
import { SessionsSection } from './sessions-section.tsx';
import { TokensSection } from './tokens-section.tsx';

export function AccountPage() {
  const { name, role } = useSession();
  const mayAccounts = useMay('accounts');
  return (
    <Page
      title="Your account"
      text={
        <Group gap={8}>
          <Untrusted text={name} />
          <Badge color="gray">{role}</Badge>
        </Group>
      }
    >
      <PasswordSection />
      <SecondFactorSection />
      <SessionsSection />
      {mayAccounts && <TokensSection />}
    </Page>
  );
}
