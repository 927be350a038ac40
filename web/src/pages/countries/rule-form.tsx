/** The rule: mode, chosen countries, addresses without a country, protocols. Nothing is in force before the change is made. */
import { Checkbox, Group, Pill, PillGroup, Radio, SimpleGrid, Stack, Text } from '@mantine/core';
import { Section } from '../../shell/section.tsx';
import { countryName, Flag } from '../../text/country.tsx';
import classes from './countries.module.css';
import { toggled, type CountryRule } from './rule.ts';

const MODES = [
  { value: 'off', label: 'Off', text: 'All countries pass.' },
  { value: 'block', label: 'Block the chosen ones', text: 'All others pass.' },
  { value: 'allow', label: 'Allow only the chosen ones', text: 'All others are blocked.' },
] as const;
const PROTOCOLS = [
  ['sipUdp', 'SIP over UDP'],
  ['sipTcp', 'SIP over TCP'],
  ['tftp', 'TFTP'],
] as const;

export interface RuleFormProps {
  rule: CountryRule;
  /** Without it the form is for looking only. */
  onChange?: (rule: CountryRule) => void;
}

export function RuleForm({ rule, onChange }: RuleFormProps) {
  const { mode, list, unknown, protocols } = rule;
  const change = (values: Partial<CountryRule>) => onChange?.({ ...rule, ...values });
  const locked = onChange === undefined;
  return (
    <Section title="Rule" text={locked ? 'Only an administrator can change it.' : undefined}>
      <Stack gap="md">
        <Radio.Group
          aria-label="Mode"
          value={mode}
          onChange={(value) => change({ mode: value as CountryRule['mode'] })}
        >
          <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
            {MODES.map(({ value, label, text }) => (
              <Radio.Card
                key={value}
                value={value}
                className={classes.mode}
                disabled={locked}
                aria-label={`${label}. ${text}`}
              >
                <Group wrap="nowrap" align="flex-start" gap="sm">
                  <Radio.Indicator disabled={locked} />
                  <div>
                    <Text size="sm" fw={500}>
                      {label}
                    </Text>
                    <Text size="sm" c="dimmed">
                      {text}
                    </Text>
                  </div>
                </Group>
              </Radio.Card>
            ))}
          </SimpleGrid>
        </Radio.Group>
        <div>
          <Text size="sm" fw={500} mb={4}>
            Chosen countries
          </Text>
          {list.length === 0 ? (
            <Text size="sm" c="dimmed">
              None. {locked ? '' : 'Choose in the list below, or on the map.'}
            </Text>
          ) : (
            <PillGroup>
              {list.map((code) => (
                <Pill
                  key={code}
                  withRemoveButton={!locked}
                  onRemove={() => onChange?.(toggled(rule, code))}
                  removeButtonProps={{ 'aria-label': `Remove ${countryName(code)}`, tabIndex: 0, 'aria-hidden': false }}
                  className={classes.chosen}
                >
                  <Flag code={code} /> {countryName(code)}
                </Pill>
              ))}
            </PillGroup>
          )}
        </div>
        <Group gap="xl" align="flex-start">
          <Radio.Group
            label="Addresses without a country"
            description="Of some the data do not know where they are. Private addresses always pass."
            value={unknown}
            onChange={(value) => change({ unknown: value as CountryRule['unknown'] })}
          >
            <Group mt={6}>
              <Radio value="pass" label="Pass" disabled={locked} />
              <Radio value="block" label="Block" disabled={locked} />
            </Group>
          </Radio.Group>
          <Checkbox.Group
            label="Protocols"
            description="Whose protected ports are closed."
            value={PROTOCOLS.flatMap(([name]) => (protocols[name] ? [name] : []))}
            onChange={(on) =>
              change({
                protocols: { sipUdp: on.includes('sipUdp'), sipTcp: on.includes('sipTcp'), tftp: on.includes('tftp') },
              })
            }
          >
            <Group mt={6}>
              {PROTOCOLS.map(([name, label]) => (
                <Checkbox key={name} value={name} label={label} disabled={locked} />
              ))}
            </Group>
          </Checkbox.Group>
        </Group>
      </Stack>
    </Section>
  );
}
