/** The whole in a word, what it protects, and every problem with what to do. */
import { Divider } from '@mantine/core';
import { Problems } from '../../shell/problems.tsx';
import { Section } from '../../shell/section.tsx';
import { STATES } from '../../shell/states.ts';
import { Facts } from '../../table/facts.tsx';
import { exactTime } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import { Sign } from './sign.tsx';
import type { Status } from './status.ts';

const SIGN = { protecting: 'well', monitoring: 'worry', degraded: 'worry', down: 'broken' } as const;

export function StateSection({ status }: { status: Status }) {
  const { state, problems, since, protects, policy } = status;
  return (
    <Section title="State" text={STATES[state].text}>
      <Facts
        of={[
          ['Now', <Sign state={SIGN[state]} text={STATES[state].name} />],
          [
            'Running since',
            since === null ? (
              'not known'
            ) : (
              <>
                {exactTime(since)} (<Time at={since} />)
              </>
            ),
          ],
          ['Addresses', protects && protects.addresses.join(', ')],
          ['SIP ports', protects && `UDP ${protects.sipUdp || 'none'} · TCP ${protects.sipTcp || 'none'}`],
          ['TFTP ports', protects && (protects.tftp || 'none')],
          ['Policy', policy.version === 0 ? 'the built-in default' : `version ${policy.version}, by ${policy.by}`],
          ['Policy file', policy.file && `${policy.file} (it wins at every start)`],
        ]}
      />
      {problems.length > 0 && <Divider my="sm" />}
      <Problems of={problems} />
    </Section>
  );
}
