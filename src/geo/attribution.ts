/** What the licences of the data ask to be said wherever the data are used (`ATTRIBUTION.md` has the whole of it). */

const COUNTRIES: Record<string, string> = {
  embedded: 'Countries: ip-location-db (CC BY 4.0), from data of the NRO and the regional registries',
  maxmind: 'Countries: GeoLite2 Data created by MaxMind, available from https://www.maxmind.com',
  dbip: 'Countries: IP Geolocation by DB-IP, https://db-ip.com (CC BY 4.0)',
  ipfire: 'Countries: IPFire Location Database, https://www.ipfire.org/location (CC BY-SA 4.0)',
};

const NETWORKS: Record<string, string> = {
  embedded:
    'Networks: ip-location-db (CC BY 4.0), from data of RouteViews and the NRO; IP Geolocation by DB-IP, https://db-ip.com',
  maxmind: 'Networks: GeoLite2 Data created by MaxMind, available from https://www.maxmind.com',
  dbip: 'Networks: IP Geolocation by DB-IP, https://db-ip.com (CC BY 4.0)',
};

/** Null, or a file of the user's own: nothing that we know of. */
export function attributionOf(countries: string | null, networks: string | null): string {
  const parts = [COUNTRIES[countries ?? ''], NETWORKS[networks ?? '']];
  return parts.filter((part) => part !== undefined).join('. ');
}
