/** The rule as a map; without one, where the attacks of the last month came from. The list below has the same. */
import { useMemo } from 'react';
import chartClasses from '../../charts/charts.module.css';
import { shadeOf, SHADES } from '../../charts/shade.ts';
import { WorldMap } from '../../charts/world-map.tsx';
import { Section } from '../../shell/section.tsx';
import { countryName } from '../../text/country.tsx';
import { counted } from '../../text/moments.ts';
import { isBlocked, type CountryRule } from './rule.ts';

export interface CountryMapProps {
  rule: CountryRule;
  attacks: ReadonlyMap<string, number>;
  onToggle?: (code: string) => void;
}

export function CountryMap({ rule, attacks, onToggle }: CountryMapProps) {
  const largest = useMemo(() => Math.max(0, ...attacks.values()), [attacks]);
  const off = rule.mode === 'off';
  const shade = (code: string) => {
    if (off) return String(shadeOf(attacks.get(code) ?? 0, largest));
    return isBlocked(rule, code) ? 'blocked' : 'passes';
  };
  const describe = (code: string) => {
    const state = off ? '' : isBlocked(rule, code) ? ', blocked' : ', passes';
    return `${countryName(code)}${state}: ${counted(attacks.get(code) ?? 0, 'attack')} in 30 days`;
  };
  return (
    <Section title="Map" text={onToggle && 'Click a country to choose it.'} actions={<Legend off={off} />}>
      <WorldMap
        label={
          off
            ? 'Countries shaded by attacks of the last 30 days. The list below has the numbers.'
            : 'Countries that are blocked and that pass. The list below has the same.'
        }
        shade={shade}
        describe={describe}
        onChoose={onToggle}
      />
    </Section>
  );
}

function Legend({ off }: { off: boolean }) {
  if (off) {
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
  return (
    <span className={chartClasses.legend} aria-hidden>
      <span data-shade="blocked" /> blocked <span data-shade="passes" /> passes
    </span>
  );
}
