/** The shapes of countries, projected once: SVG paths in a box of `WORLD_WIDTH` × `WORLD_HEIGHT`. The file is loaded when a map is shown. */
import { geoEqualEarth, geoPath, type GeoPermissibleObjects } from 'd3-geo';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
// The 110m file lacks Singapore, Malta and Hong Kong.
import shapesUrl from 'world-atlas/countries-50m.json?url';

export const WORLD_WIDTH = 960;
export const WORLD_HEIGHT = 450;
/** Smaller than this on both sides, a country is a dot: nobody sees it or hits it otherwise. */
const DOT_UNDER = 5;
/** Points nearer to each other cannot be told apart at this size; without them the map is a quarter. */
const NEAR = 0.7;

export interface CountryShape {
  /** ISO 3166-1 alpha-2; null: the map has a name for it and the country data have no code. */
  code: string | null;
  path: string;
  /** The middle of a country that is too small to be seen. */
  dot: { x: number; y: number } | null;
}

/** What the map draws apart and has no number for; the country data count addresses there as these. */
const CODES: Readonly<Record<string, string>> = { Kosovo: 'XK', Somaliland: 'SO', 'N. Cyprus': 'CY' };
/** Takes a fifth of the height, and nobody calls from there. */
const ANTARCTICA = 'AQ';

type Atlas = Topology<{ countries: GeometryCollection<{ name: string }> }>;

export async function loadWorld(): Promise<CountryShape[]> {
  const response = await fetch(shapesUrl);
  if (!response.ok) throw new Error(`The map could not be loaded: ${response.status} ${response.statusText}`);
  const atlas = (await response.json()) as Atlas;
  return project(atlas);
}

function project(atlas: Atlas): CountryShape[] {
  const countries = feature(atlas, atlas.objects.countries).features.map((shape) => ({
    shape: shape as GeoPermissibleObjects,
    code: codeOf(shape.id, shape.properties.name),
  }));
  const shown = countries.filter(({ code }) => code !== ANTARCTICA);
  const all = { type: 'GeometryCollection', geometries: [] as unknown[] };
  for (const { shape } of shown) all.geometries.push((shape as { geometry: unknown }).geometry);
  const projection = geoEqualEarth().rotate([-11, 0]);
  projection.fitSize([WORLD_WIDTH, WORLD_HEIGHT], all as unknown as GeoPermissibleObjects);
  const outline = new Outline();
  const draw = geoPath(projection, outline);
  const measure = geoPath(projection);
  return shown.map(({ shape, code }) => {
    draw(shape);
    const path = outline.take();
    const [[left, top], [right, bottom]] = measure.bounds(shape);
    if (Math.max(right - left, bottom - top) >= DOT_UNDER) return { code, path, dot: null };
    return { code, path, dot: { x: (left + right) / 2, y: (top + bottom) / 2 } };
  });
}

/** ISO 3166-1 numeric to alpha-2: CLDR, which every browser brings, knows the numbers as aliases. */
function codeOf(number: string | number | undefined, name: string): string | null {
  if (number === undefined) return CODES[name] ?? null;
  return new Intl.Locale(`und-${String(number).padStart(3, '0')}`).region ?? null;
}

/** Writes SVG path data, without points that lie on one another. */
class Outline {
  private text = '';
  private x = 0;
  private y = 0;

  moveTo(x: number, y: number): void {
    this.text += `M${round(x)},${round(y)}`;
    [this.x, this.y] = [x, y];
  }

  lineTo(x: number, y: number): void {
    if (Math.abs(x - this.x) < NEAR && Math.abs(y - this.y) < NEAR) return;
    this.text += `L${round(x)},${round(y)}`;
    [this.x, this.y] = [x, y];
  }

  closePath(): void {
    this.text += 'Z';
  }

  beginPath(): void {}

  /** For points of a shape; countries have none. */
  arc(): void {}

  take(): string {
    const { text } = this;
    this.text = '';
    return text;
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
