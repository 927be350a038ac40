/** What a rule would have done over the last days. */
import { Alert, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Answer } from '../../api/client.ts';
import { Bars } from '../../charts/bars.tsx';
import { Address } from '../../text/address.tsx';
import { Country } from '../../text/country.tsx';
import { count, counted, duration } from '../../text/moments.ts';
import { Untrusted } from '../../text/untrusted.tsx';
import classes from './countries.module.css';

type PreviewAnswer = Answer<'/geo/preview', 'post'>;
const LISTED = 4;

export function Preview({ of: { since, until, attacks, registered, notKnown } }: { of: PreviewAnswer }) {
  const { seen, stopped, letIn, byCountry, top } = attacks;
  return (
    <Stack gap="md">
      <LockedOut of={registered} />
      <Text size="sm">
        In the last {duration(until - since)} there were {counted(seen.incidents, 'attack')}.{' '}
        <strong>{count(stopped.incidents)}</strong> of them, from {counted(stopped.sources, 'source')}, would have been
        stopped at the first packet
        {letIn.incidents > 0 && (
          <>
            ; <strong>{counted(letIn.incidents, 'attack')}</strong> from {counted(letIn.sources, 'source')} that are
            stopped now would get in
          </>
        )}
        .
      </Text>
      {stopped.incidents > 0 && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <div>
            <Text size="xs" c="dimmed" mb={4}>
              Stopped, by country
            </Text>
            <Bars
              label="Attacks that would have been stopped, by country"
              rows={byCountry.slice(0, LISTED).map(({ country, incidents }) => ({
                key: country ?? '',
                name: country === null ? 'no country' : <Country code={country} />,
                value: incidents,
              }))}
            />
          </div>
          <div>
            <Text size="xs" c="dimmed" mb={4}>
              Stopped, by source
            </Text>
            <Bars
              label="Attacks that would have been stopped, by source"
              rows={top.slice(0, LISTED).map(({ address, network, incidents }) => ({
                key: address,
                name: (
                  <>
                    <Address of={address} />{' '}
                    <Text span inherit c="dimmed">
                      {network !== null && <Untrusted text={network} max={40} />}
                    </Text>
                  </>
                ),
                value: incidents,
              }))}
            />
          </div>
        </SimpleGrid>
      )}
      <ul className={classes.notKnown}>
        {notKnown.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Stack>
  );
}

function LockedOut({ of: { seen, lockedOut, lockedOutCount } }: { of: PreviewAnswer['registered'] }) {
  if (lockedOutCount === 0) {
    if (seen === null || seen === 0) return null;
    const phones =
      seen === 1 ? 'The address with registered phones' : `None of the ${count(seen)} addresses with registered phones`;
    return <Text size="sm">{seen === 1 ? `${phones} gets in as before.` : `${phones} would be shut out.`}</Text>;
  }
  const more = lockedOutCount - lockedOut.length;
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle size={18} />}
      title={`${counted(lockedOutCount, 'address', 'addresses')} with registered phones would be shut out`}
    >
      <ul className={classes.lockedOut}>
        {lockedOut.map(({ address, country, network }) => (
          <li key={address}>
            <Address of={address} /> <Country code={country} />{' '}
            {network !== null && (
              <Text span inherit c="dimmed">
                <Untrusted text={network} max={60} />
              </Text>
            )}
          </li>
        ))}
        {more > 0 && <li>and {count(more)} more</li>}
      </ul>
      <Text size="sm" mt={6}>
        To keep them in, put them on the allowlist first.
      </Text>
    </Alert>
  );
}
