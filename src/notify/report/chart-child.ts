/** The process that draws: gets SVG over its channel, answers PNG once, ends. Started by `chart-process.ts`. */
import { createRequire } from 'node:module';
import { setPriority } from 'node:os';
import { Resvg } from '@resvg/resvg-js';

/** For screens of two dots to a pixel. */
const ZOOM = 2;
/** Whatever else this machine does is more urgent: detection above all. */
setPriority(10);

const font = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');

process.once('message', (svgs: string[]) => {
  const images = svgs.map((svg) => {
    const options = { fontFiles: [font], loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' };
    return new Resvg(svg, { font: options, fitTo: { mode: 'zoom', value: ZOOM } }).render().asPng();
  });
  process.send!(images, undefined, {}, () => process.disconnect());
});
