/** Is everything well, part by part, and what to do where it is not. */
import { SimpleGrid } from '@mantine/core';
import { useGet } from '../../api/hooks.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { PageLoader } from '../../shell/page-loader.tsx';
import { Page } from '../../shell/page.tsx';
import { CountryDataSection } from './country-data-section.tsx';
import { EventsSection } from './events-section.tsx';
import { FeedsSection } from './feeds-section.tsx';
import { KernelSection } from './kernel-section.tsx';
import { SensorSection } from './sensor-section.tsx';
import { StateSection } from './state-section.tsx';
import { StoreSection } from './store-section.tsx';

export function HealthPage() {
  const { data, error, refetch } = useGet('/status');
  if (!data) {
    return (
      <Page title="Health">{error ? <ProblemAlert error={error} again={() => void refetch()} /> : <PageLoader />}</Page>
    );
  }
  return (
    <Page title="Health" text="Whether every part does its work, and what to do where it does not.">
      <StateSection status={data} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <SensorSection status={data} />
        <KernelSection status={data} />
        <CountryDataSection />
        <StoreSection status={data} />
      </SimpleGrid>
      <FeedsSection />
      <EventsSection />
    </Page>
  );
}
