/** Made by web/world-plugin.ts when the app is built. */
declare module 'virtual:world' {
  const world: import('./world-map.tsx').CountryShape[];
  export default world;
}
