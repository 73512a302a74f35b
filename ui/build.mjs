// Builds ui/dist: one stylesheet, two script bundles, the chart bundle, the reader of codes, the icon sprite, each named by its
// content, each with its brotli and gzip form, and manifest.json (plain name → hashed name) for the program.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import esbuild from 'esbuild';
import { icons } from './build/icons.mjs';
import { stylesheet } from './build/stylesheet.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, 'dist');
const manifest = {};
const sizes = [];

function emit(name, content) {
  const bytes = Buffer.from(content);
  const dot = name.lastIndexOf('.');
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const file = `${name.slice(0, dot)}-${digest}${name.slice(dot)}`;
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  writeFileSync(join(dist, file), bytes);
  writeFileSync(join(dist, `${file}.br`), brotli);
  writeFileSync(join(dist, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  manifest[name] = file;
  sizes.push([name, bytes.length, brotli.length]);
}

async function script(name, entry) {
  const built = await esbuild.build({
    entryPoints: [join(here, 'src', entry)],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'chrome86',
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  });
  emit(name, built.outputFiles[0].contents);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
emit('app.css', stylesheet(here));
emit('icons.svg', icons(here));
emit('favicon.svg', readFileSync(join(here, 'favicon.svg')));
await script('app.js', 'app.js');
await script('public.js', 'public.js');
await script('charts.js', 'charts.js');
await script('barcode.js', 'barcode.js');
emit('barcode.wasm', readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'))));
writeFileSync(join(dist, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
for (const [name, plain, brotli] of sizes) {
  console.log(`${name.padEnd(12)} ${String(plain).padStart(8)} B  ${String(brotli).padStart(7)} B br`);
}
