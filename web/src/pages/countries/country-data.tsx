/** Where the data come from, how old they are, and new ones. */
import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { ask, type Answer } from '../../api/client.ts';
import { touch } from '../../api/hooks.ts';
import { ApiError } from '../../api/problem.ts';
import { useMay } from '../../api/session.ts';
import { announce, announceProblem, confirm } from '../../confirm/confirm.tsx';
import { Section } from '../../shell/section.tsx';
import { Facts } from '../../table/facts.tsx';
import { visible } from '../../text/escape.ts';
import { count, duration } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';

type GeoStatus = Answer<'/geo'>;

const PROVIDERS: Record<GeoStatus['provider'], string> = {
  embedded: 'Embedded: what Ringfence brings',
  maxmind: 'MaxMind GeoLite2',
  dbip: 'DB-IP Lite',
  ipfire: 'IPFire',
  custom: 'Your own URL or file',
};

export function CountryData({ of }: { of: GeoStatus }) {
  const { provider, everyMs, inUse, networks, updating, checkedAt, nextAt, problem, attribution } = of;
  return (
    <Section title="Country data" actions={<UpdateButton updating={updating} />}>
      <Stack gap="md">
        {problem && (
          <Alert color="yellow" icon={<IconAlertTriangle size={18} />}>
            <Text size="sm">
              <Untrusted text={problem.text} /> Since <Time at={problem.since} />; tried last <Time at={problem.at} />.
            </Text>
            {problem.hint && (
              <Text size="sm" c="dimmed">
                <Untrusted text={problem.hint} />
              </Text>
            )}
          </Alert>
        )}
        <Facts
          of={[
            ['Provider', PROVIDERS[provider]],
            ['In use', inUse ? <Untrusted text={inUse.source} /> : 'nothing: no country is known'],
            ['Made', inUse && (inUse.made === null ? 'the data do not say' : <Time at={inUse.made} />)],
            ['Loaded', inUse && <Time at={inUse.loaded} />],
            [
              'Content',
              inUse &&
                `${count(inUse.countries)} countries, ${count(inUse.rangesV4)} IPv4 ranges, ${count(inUse.rangesV6)} IPv6 ranges`,
            ],
            ['Names of networks', networks ? <Untrusted text={networks.source} /> : 'none are loaded'],
            ['Looked for', checkedAt === null ? 'never' : <Time at={checkedAt} />],
            [
              'Next time',
              nextAt === null ? (
                'these data are never looked for'
              ) : (
                <>
                  <Time at={nextAt} />, every {duration(everyMs)}
                </>
              ),
            ],
          ]}
        />
        <Text size="xs" c="dimmed">
          <Untrusted text={attribution} max={1000} />
        </Text>
      </Stack>
    </Section>
  );
}

/** Data that lose too much are refused until somebody says that it is meant. */
const LOSSES: ReadonlySet<string> = new Set(['geo-shrunk', 'geo-family-lost']);

function UpdateButton({ updating }: { updating: boolean }) {
  const may = useMay('configure');
  const queries = useQueryClient();
  const [working, setWorking] = useState(false);
  if (!may) return null;
  const update = async (acceptLoss: boolean): Promise<void> => {
    try {
      const { changed } = await ask('post', '/geo/update', { body: { acceptLoss } });
      announce({ text: changed ? 'New country data are in force.' : 'The data in use are the newest already.' });
    } catch (error) {
      if (!(error instanceof ApiError) || !LOSSES.has(error.code)) return announceProblem(error);
      const agreed = await confirm({
        title: 'The new data lose much of the old',
        text: visible(error.message),
        action: 'Use them anyway',
      });
      if (agreed) await update(true);
    }
  };
  const begin = async () => {
    setWorking(true);
    await update(false);
    await touch(queries, ['/geo', '/geo/countries', '/status']);
    setWorking(false);
  };
  return (
    <Button variant="default" onClick={() => void begin()} loading={working || updating}>
      Update now
    </Button>
  );
}
