/** Where to go after the sign-in. Evasion: `?from=//evil.example` would lead away from the console. */
export function localPath(from: string | null): string {
  return from !== null && /^\/(?![/\\])[^\t\r\n]*$/.test(from) ? from : '/';
}
