/** How old country data and feeds were when the report was made. */
import { Section } from '../../shell/section.tsx';
import { Facts } from '../../table/facts.tsx';
import { visible } from '../../text/escape.ts';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import type { Report } from './report.ts';

export function DataAge({ of: { data } }: { of: Report }) {
  const { countries, feeds } = data;
  return (
    <Section title="Country data and feeds" text="As they are now.">
      <Facts
        of={[
          [
            'Country data',
            countries === null ? (
              'not loaded'
            ) : (
              <>
                <Untrusted text={countries.provider} />, made <Time at={countries.made} empty="at a time not known" />
                {countries.problem !== null && (
                  <>
                    : <Untrusted text={countries.problem} />
                  </>
                )}
              </>
            ),
          ],
          ...feeds.map(
            ({ name, state, confirmedAt, problem }) =>
              [
                `Feed ${visible(name)}`,
                <>
                  {state}, confirmed <Time at={confirmedAt} empty="never" />
                  {problem !== null && (
                    <>
                      : <Untrusted text={problem} />
                    </>
                  )}
                </>,
              ] as const,
          ),
        ]}
      />
    </Section>
  );
}
