import { existsSync } from 'node:fs';

/** Where Debian, other distributions and macOS put Chromium or Chrome. */
export const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser of this computer, if there is one. */
export const findChromium = (): string | undefined => places.find((path) => existsSync(path));

/** Keeps Chromium from asking anything of the world by itself. */
export const quietly = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
