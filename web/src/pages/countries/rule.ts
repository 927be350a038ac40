/** The rule of countries while it is being edited. Pure. */
import type { components } from '../../api/schema.d.ts';

export type CountryRule = components['schemas']['CountryRule'];

/** Whether a country is kept out by the rule. */
export function isBlocked({ mode, list }: CountryRule, code: string): boolean {
  return mode !== 'off' && list.includes(code) === (mode === 'block');
}

/** Chosen or not, the other way round; in the order of the alphabet, so that the same choice is the same rule. */
export function toggled(rule: CountryRule, code: string): CountryRule {
  const list = rule.list.includes(code) ? rule.list.filter((one) => one !== code) : [...rule.list, code].sort();
  return { ...rule, list };
}

/** The policy's values that differ, as `POST /policy/edit` takes them. Empty: the rules are the same. */
export function changesOf(before: CountryRule, after: CountryRule): { path: string; value: string }[] {
  const [was, will] = [valuesOf(before), valuesOf(after)];
  const changes = will.filter(({ value }, index) => value !== was[index].value);
  // Each step must be a valid policy: no mode without countries.
  return after.mode === 'off' ? changes.reverse() : changes;
}

function valuesOf({ mode, list, unknown, protocols }: CountryRule) {
  return [
    { path: 'countries.list', value: [...list].sort().join(',') },
    { path: 'countries.unknown', value: unknown },
    { path: 'countries.protocols.sipUdp', value: String(protocols.sipUdp) },
    { path: 'countries.protocols.sipTcp', value: String(protocols.sipTcp) },
    { path: 'countries.protocols.tftp', value: String(protocols.tftp) },
    { path: 'countries.mode', value: mode },
  ];
}

/** Why a rule cannot be made yet; null: it can. */
export function missing({ mode, list, protocols }: CountryRule): string | null {
  if (mode === 'off') return null;
  if (list.length === 0) {
    return mode === 'allow'
      ? 'Choose the countries that may get in: with none, nobody would.'
      : 'Choose the countries to block, in the list or on the map.';
  }
  const closed = protocols.sipUdp || protocols.sipTcp || protocols.tftp;
  return closed ? null : 'Choose a protocol: without one the rule does nothing.';
}

/** What a rule does, as one sentence. */
export function ruleText({ mode, list }: CountryRule): string {
  const countries = list.length === 1 ? '1 country' : `${list.length} countries`;
  if (mode === 'off') return 'No country is blocked.';
  return mode === 'block' ? `${countries} blocked, all others pass.` : `Only ${countries} may get in.`;
}
