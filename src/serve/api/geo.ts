/** Countries: the data in use, where addresses are, what a rule does. */
import { z } from 'zod';
import { geoLookupInput, geoPreviewInput, geoUpdateInput } from '../geo-inputs.ts';
import { endpoint, type Group } from './endpoint.ts';
import { shortPage, shortPageInput } from './paging.ts';
import { addressText, count, moment, momentOrNull, page, placeFields } from './shapes.ts';

export const countryRule = z
  .strictObject({
    mode: z
      .enum(['off', 'block', 'allow'])
      .describe('`block`: the countries of the list are blocked. `allow`: all others are.'),
    list: z.array(z.string()).describe('ISO 3166-1 alpha-2.'),
    unknown: z.enum(['pass', 'block']).describe('What happens to addresses without a country.'),
    protocols: z.strictObject({ sipUdp: z.boolean(), sipTcp: z.boolean(), tftp: z.boolean() }),
  })
  .meta({ id: 'CountryRule' });

export const geoStatus = z
  .strictObject({
    provider: z.enum(['embedded', 'maxmind', 'dbip', 'ipfire', 'custom']).describe('As the policy has it.'),
    everyMs: z.int(),
    inUse: z
      .strictObject({
        provider: z.string(),
        source: z.string().describe('Package, URL or file.'),
        identity: z.string().describe('The settings that the data were got by.'),
        made: momentOrNull('the data do not say'),
        loaded: moment,
        rows: count.describe('Rows of the file, before joining.'),
        countries: count,
        rangesV4: count,
        rangesV6: count,
        bytes: count.describe('Memory of the tables.'),
      })
      .nullable()
      .describe('Null: not loaded yet.'),
    networks: z
      .strictObject({ source: z.string(), made: momentOrNull('the data do not say') })
      .nullable()
      .describe('Names of networks; null: none are loaded.'),
    updating: z.boolean(),
    checkedAt: momentOrNull('never'),
    nextAt: momentOrNull('these data are never looked for'),
    problem: z
      .strictObject({
        code: z.string(),
        text: z.string(),
        hint: z.string().nullable(),
        since: moment,
        at: moment,
      })
      .nullable(),
    attribution: z.string().describe('What the licence of the data asks to be said.'),
    rule: countryRule,
    blocked: z.strictObject({ rangesV4: count, rangesV6: count }).describe('Ranges that the rule blocks.'),
  })
  .meta({ id: 'GeoStatus' });

export const geoLookup = z
  .strictObject({
    address: addressText,
    ...placeFields,
    countryName: z.string().nullable(),
    outcome: z
      .enum(['off', 'special', 'allowlisted', 'blocked', 'passes'])
      .describe('`blocked` on the protected ports of the rule’s protocols. `special`: no rule of countries is for it.'),
    because: z.string().describe('One sentence for people.'),
  })
  .meta({ id: 'GeoLookup' });

export const country = z
  .strictObject({
    code: z.string(),
    name: z.string(),
    blocked: z.boolean(),
    rangesV4: count,
    rangesV6: count,
    addressesV4: count,
    networksV6: count.describe('Networks of 2^64 addresses (/64), rounded up.'),
  })
  .meta({ id: 'Country' });

const tally = { sources: count, incidents: count };
const source = { address: addressText, ...placeFields };

export const geoPreview = z
  .strictObject({
    since: moment,
    until: moment,
    before: countryRule,
    after: countryRule,
    ranges: z.strictObject({ before: count, after: count }),
    attacks: z.strictObject({
      seen: z.strictObject(tally),
      stopped: z.strictObject(tally).describe('Would have been stopped, and are not now.'),
      letIn: z.strictObject(tally).describe('Are stopped now, and would not have been.'),
      byCountry: z
        .array(z.strictObject({ ...tally, country: z.string().nullable(), name: z.string() }))
        .describe('Of those that would have been stopped, most incidents first.'),
      top: z.array(z.strictObject({ ...source, incidents: count, last: moment })),
    }),
    registered: z.strictObject({
      seen: count.nullable().describe('Sources with registered phones now; null: the guard did not say.'),
      lockedOut: z
        .array(z.strictObject({ ...source, until: moment }))
        .describe('Of them those that the change would lock out. The first ones.'),
      lockedOutCount: count,
    }),
    notKnown: z.array(z.string()).describe('What cannot be told, as sentences.'),
  })
  .meta({ id: 'GeoPreview' });

export const geoUpdate = z
  .strictObject({
    changed: z.boolean().describe('False: the data in use were the newest already.'),
    status: geoStatus,
  })
  .meta({ id: 'GeoUpdate' });

export const geoGroup: Group = {
  name: 'Countries',
  description: 'The data in use, where addresses are, and what a rule of countries does. The rule is policy.',
  endpoints: [
    endpoint({
      method: 'GET',
      path: '/geo',
      id: 'getGeoStatus',
      summary: 'Provider, age and size of the data, the rule in force, the next update, the last problem.',
      scope: 'read',
      answer: geoStatus,
      run: (operations) => operations.geoStatus(),
    }),
    endpoint({
      method: 'GET',
      path: '/geo/countries',
      id: 'listCountries',
      summary: 'Every country of the data: name, ranges, addresses, blocked or not.',
      scope: 'read',
      query: shortPageInput,
      answer: page(country),
      csv: {
        columns: {
          code: ({ code }) => code,
          name: ({ name }) => name,
          blocked: ({ blocked }) => blocked,
          rangesV4: ({ rangesV4 }) => rangesV4,
          addressesV4: ({ addressesV4 }) => addressesV4,
          rangesV6: ({ rangesV6 }) => rangesV6,
          networksV6: ({ networksV6 }) => networksV6,
        },
      },
      run: (operations, { query }) => shortPage(operations.geoCountries(), query),
    }),
    endpoint({
      method: 'POST',
      path: '/geo/lookup',
      id: 'lookupAddresses',
      summary: 'Country and network of addresses, and whether the rule blocks them.',
      scope: 'read',
      body: geoLookupInput,
      answer: z.array(geoLookup),
      run: (operations, { body }) => operations.geoLookup(body),
    }),
    endpoint({
      method: 'POST',
      path: '/geo/update',
      id: 'updateGeo',
      summary: 'Look for new country data now; data that lose too much are refused.',
      scope: 'configure',
      body: geoUpdateInput,
      answer: geoUpdate,
      run: (operations, { body }) => operations.geoUpdate(body),
    }),
    endpoint({
      method: 'POST',
      path: '/geo/preview',
      id: 'previewCountries',
      summary: 'What another rule would have blocked over the last days; changes nothing.',
      scope: 'read',
      body: geoPreviewInput,
      answer: geoPreview,
      run: (operations, { body }) => operations.geoPreview(body),
    }),
  ],
};
