/** Where attacks come from: the map, and beside it the same as a list that can be read and reached by keyboard. */
import { Skeleton, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import { Bars } from '../../charts/bars.tsx';
import chartClasses from '../../charts/charts.module.css';
import { shadeOf, SHADES } from '../../charts/shade.ts';
import { WorldMap } from '../../charts/world-map.tsx';
import { Section } from '../../shell/section.tsx';
import { Country, countryName } from '../../text/country.tsx';
import { counted } from '../../text/moments.ts';
import { attacksPath } from './links.ts';
import classes from './overview.module.css';
import { PERIODS, type PeriodName } from './period.ts';
import type { Statistics } from './statistics.ts';

/** As long as the map is high. */
const LISTED = 12;

export function AttackMap({ of, period }: { of: Statistics | undefined; period: PeriodName }) {
  const navigate = useNavigate();
  const countries = of?.top.countries;
  const byCode = useMemo(() => new Map(countries?.map(({ key, attacks }) => [key, attacks])), [countries]);
  const largest = Math.max(0, ...byCode.values());
  const pathOf = (country: string) => attacksPath({ last: period, country });
  return (
    <Section
      title="Where attacks come from"
      text={`Countries of the sources, ${PERIODS[period].words}. Addresses can be rented anywhere: it says little about who attacks.`}
      actions={largest > 0 && <Legend />}
    >
      <div className={classes.wideAndNarrow}>
        <WorldMap
          label={`Map of the world, countries shaded by attacks in the ${PERIODS[period].words}. The list beside it has the numbers.`}
          shade={(code) => String(shadeOf(byCode.get(code) ?? 0, largest))}
          describe={(code) => `${countryName(code)}: ${counted(byCode.get(code) ?? 0, 'attack')}`}
          onChoose={(code) => byCode.has(code) && void navigate(pathOf(code))}
        />
        {countries === undefined ? (
          <Skeleton height={280} />
        ) : countries.length === 0 ? (
          <Text size="sm" c="dimmed">
            No attack in the {PERIODS[period].words}, or of none the country is known.
          </Text>
        ) : (
          <Bars
            label="Countries with the most attacks"
            rows={countries.slice(0, LISTED).map(({ key, attacks }) => ({
              key,
              name: <Country code={key} />,
              value: attacks,
              to: pathOf(key),
            }))}
          />
        )}
      </div>
    </Section>
  );
}

function Legend() {
  return (
    <span className={chartClasses.legend} aria-hidden>
      few
      {Array.from({ length: SHADES }, (_, index) => (
        <span key={index} data-shade={index + 1} />
      ))}
      many attacks
    </span>
  );
}
