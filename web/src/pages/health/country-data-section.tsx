/** The data that say which country an address is in: how old, from whom, when looked for again. */
import { Box } from '@mantine/core';
import { useGet } from '../../api/hooks.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { PageLoader } from '../../shell/page-loader.tsx';
import { Problems } from '../../shell/problems.tsx';
import { Section } from '../../shell/section.tsx';
import { Facts } from '../../table/facts.tsx';
import { count } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import { Sign } from './sign.tsx';

export function CountryDataSection() {
  const { data, error, refetch } = useGet('/geo');
  if (!data) {
    return (
      <Section title="Country data">
        {error ? <ProblemAlert error={error} again={() => void refetch()} /> : <PageLoader />}
      </Section>
    );
  }
  const { inUse, problem, checkedAt, nextAt } = data;
  return (
    <Section title="Country data">
      <Facts
        of={[
          [
            'In use',
            inUse === null ? (
              <Sign state="broken" text="None are loaded" />
            ) : (
              <Sign state={problem ? 'worry' : 'well'} text={inUse.provider} />
            ),
          ],
          ['Source', inUse && <Untrusted text={inUse.source} />],
          ['Made', inUse && <Time at={inUse.made} empty="the data do not say" />],
          ['Holds', inUse && `${count(inUse.countries)} countries, ${count(inUse.rangesV4 + inUse.rangesV6)} ranges`],
          ['Checked', <Time at={checkedAt} empty="never" />],
          ['Next', <Time at={nextAt} empty="these data are never looked for" />],
        ]}
      />
      {problem && (
        <Box mt="sm">
          <Problems of={[problem]} />
        </Box>
      )}
    </Section>
  );
}
