// Before the first paint, so that a dark page never flashes white. A file of its own: the policy of the server allows no inline script.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('ringfence-color-scheme');
  } catch {
    // Storage is switched off: the system decides.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.mantineColorScheme = dark ? 'dark' : 'light';
})();
