/** Whole countries: which may reach the protected ports, what a change would have done, and where the data come from. */
import { Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useGet } from '../../api/hooks.ts';
import { useMay } from '../../api/session.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { Page } from '../../shell/page.tsx';
import { useStatistics } from '../overview/statistics.ts';
import { CountryData } from './country-data.tsx';
import { CountryList } from './country-list.tsx';
import { CountryMap } from './country-map.tsx';
import { ProposedChange } from './proposed-change.tsx';
import { changesOf, ruleText, toggled, type CountryRule } from './rule.ts';
import { RuleForm } from './rule-form.tsx';

export function CountriesPage() {
  const geo = useGet('/geo');
  const { data: statistics } = useStatistics('30d');
  const may = useMay('configure');
  const [draft, setDraft] = useState<CountryRule | null>(null);
  const attacks = new Map(statistics?.top.countries.map(({ key, attacks }) => [key, attacks]));

  const inForce = geo.data?.rule;
  const rule = draft ?? inForce;
  const changed = inForce !== undefined && draft !== null && changesOf(inForce, draft).length > 0;
  const toggle = may && rule ? (code: string) => setDraft(toggled(rule, code)) : undefined;
  return (
    <Page
      title="Countries"
      text={
        inForce
          ? `${ruleText(inForce)} The allowlist wins over every country.`
          : 'Which countries may reach the protected ports.'
      }
    >
      {geo.error && <ProblemAlert error={geo.error} again={() => void geo.refetch()} />}
      {rule && inForce ? (
        <>
          <RuleForm rule={rule} onChange={may ? setDraft : undefined} />
          <CountryMap rule={rule} attacks={attacks} onToggle={toggle} />
          <CountryList rule={rule} inForce={inForce} attacks={attacks} onToggle={toggle} />
        </>
      ) : (
        !geo.error && <Skeleton height={420} radius="lg" />
      )}
      {geo.data && <CountryData of={geo.data} />}
      {changed && rule && <ProposedChange before={inForce} after={rule} onDone={() => setDraft(null)} />}
    </Page>
  );
}
