/**
 * The shapes of countries, projected and thinned when the web app is built: SVG paths in a box of `WORLD_WIDTH` × `WORLD_HEIGHT`. It
 * takes 0.4 s, which a browser would be deaf for, and makes 230 kB of 756.
 */
import { geoEqualEarth, geoPath, type GeoPermissibleObjects } from 'd3-geo';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { CountryShape } from './world-map.tsx';

export const WORLD_WIDTH = 960;
export const WORLD_HEIGHT = 450;
/** Smaller than this on both sides, a country is a dot: nobody sees it or hits it otherwise. */
const DOT_UNDER = 5;
/** Points nearer to each other cannot be told apart at this size. */
const NEAR = 0.9;
/** What the map draws apart and has no number for; the country data count addresses there as these. */
const CODES: Readonly<Record<string, string>> = { Kosovo: 'XK', Somaliland: 'SO', 'N. Cyprus': 'CY' };
/** Takes a fifth of the height, and nobody calls from there. */
const ANTARCTICA = 'AQ';

export type Atlas = Topology<{ countries: GeometryCollection<{ name: string }> }>;

export function worldShapes(atlas: Atlas): CountryShape[] {
  const countries = feature(atlas, atlas.objects.countries).features.map((shape) => ({
    shape,
    code: codeOf(shape.id, shape.properties.name),
  }));
  const shown = countries.filter(({ code }) => code !== ANTARCTICA);
  const all: GeoPermissibleObjects = { type: 'FeatureCollection', features: shown.map(({ shape }) => shape) };
  const projection = geoEqualEarth().rotate([-11, 0]).fitSize([WORLD_WIDTH, WORLD_HEIGHT], all);
  const outline = new Outline();
  const draw = geoPath(projection, outline);
  const measure = geoPath(projection);
  return shown.map(({ shape, code }) => {
    draw(shape);
    const path = outline.take();
    const [[left, top], [right, bottom]] = measure.bounds(shape);
    if (Math.max(right - left, bottom - top) >= DOT_UNDER) return { code, path, dot: null };
    return { code, path: '', dot: { x: round((left + right) / 2), y: round((top + bottom) / 2) } };
  });
}

/** ISO 3166-1 numeric to alpha-2: CLDR, which every JavaScript engine brings, knows the numbers as aliases. */
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
    // An island of which one point is left is none.
    const text = this.text.replaceAll(/M[-\d.,]+Z/g, '');
    this.text = '';
    return text;
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
