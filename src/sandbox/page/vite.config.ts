import { defineConfig } from 'vite';

/** Builds the page into `dist/page`, from where the sandbox serves it. */
export default defineConfig({
  base: './',
  build: { outDir: '../../../dist/page', emptyOutDir: true, modulePreload: false, assetsInlineLimit: 0 },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
