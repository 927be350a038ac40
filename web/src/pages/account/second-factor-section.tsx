/** The second factor: on, off, recovery codes. */
import { Badge, Button, Group, Modal } from '@mantine/core';
import { useState } from 'react';
import { ask } from '../../api/client.ts';
import { useBegin, useSession } from '../../api/session.ts';
import { announce } from '../../confirm/confirm.tsx';
import { ShownOnce } from '../../confirm/shown-once.tsx';
import { Section } from '../../shell/section.tsx';
import { EnrolForm } from './enrol-form.tsx';
import { PasswordPrompt } from './password-prompt.tsx';

type Asking = 'enrol' | 'renew' | 'remove' | null;
type Enrolment = { secret: string; url: string };

export function SecondFactorSection() {
  const { secondFactor } = useSession();
  const begin = useBegin();
  const [asking, setAsking] = useState<Asking>(null);
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);

  const close = () => {
    setAsking(null);
    setEnrolment(null);
    setCodes(null);
  };
  const renewed = async (recoveryCodes: string[]) => {
    begin(await ask('get', '/session'));
    setCodes(recoveryCodes);
  };
  const withPassword = async (password: string) => {
    const body = { password };
    if (asking === 'enrol') setEnrolment(await ask('post', '/account/second-factor', { body }));
    if (asking === 'renew') await renewed((await ask('post', '/account/recovery-codes', { body })).recoveryCodes);
    if (asking === 'remove') {
      await ask('post', '/account/second-factor/remove', { body });
      begin(await ask('get', '/session'));
      close();
      announce({ text: 'The second factor is off.' });
    }
  };

  return (
    <Section
      title="Second factor"
      text="A code of an authenticator app at each sign-in, so that a stolen password is not enough."
      actions={<Badge color={secondFactor ? 'teal' : 'gray'}>{secondFactor ? 'On' : 'Off'}</Badge>}
    >
      <Group gap="xs">
        {secondFactor ? (
          <>
            <Button variant="default" onClick={() => setAsking('renew')}>
              New recovery codes
            </Button>
            <Button variant="light" color="red" onClick={() => setAsking('remove')}>
              Switch off
            </Button>
          </>
        ) : (
          <Button onClick={() => setAsking('enrol')}>Switch on</Button>
        )}
      </Group>
      <Modal
        opened={asking !== null}
        onClose={close}
        title={titleOf(asking, codes !== null)}
        closeOnClickOutside={false}
      >
        {codes ? (
          <ShownOnce
            label="Recovery codes"
            text={codes.join('\n')}
            note="Each is good once, when the authenticator is lost. They are shown this once: print them or keep them in a password manager."
          />
        ) : enrolment ? (
          <EnrolForm {...enrolment} onCodes={renewed} />
        ) : (
          <PasswordPrompt onPassword={withPassword} />
        )}
      </Modal>
    </Section>
  );
}

function titleOf(asking: Asking, done: boolean): string {
  if (done) return 'Keep your recovery codes';
  const titles = {
    enrol: 'Switch the second factor on',
    renew: 'New recovery codes',
    remove: 'Switch the second factor off',
  };
  return asking === null ? '' : titles[asking];
}
