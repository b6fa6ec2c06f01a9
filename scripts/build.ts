import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { renderNotice } from './render-notice.ts';
import { createSampleProject } from './sample-project.ts';

/**
 * Bundles the CLI, because Node starts one file much faster than the hundreds that its libraries are made of.
 * What only a run with a cluster needs is evaluated then. Types are checked by `npm run check`.
 */
const DIST = resolve(import.meta.dirname, '../dist');
const OPTIONS: BuildOptions = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  // Names stay, so that a report of a bug can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  charset: 'ascii',
};

/** dockerode's sessions with BuildKit load gRPC, and files by name. Waggle builds with buildx. */
const withoutSessions: Plugin = {
  name: 'without-sessions',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/session$/ }, ({ importer }) =>
      importer.includes('dockerode') ? { path: 'session', namespace: 'none' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: '' }));
  },
};

rmSync(DIST, { recursive: true, force: true });
const { metafile } = await build({
  ...OPTIONS,
  metafile: true,
  entryPoints: ['src/main.ts'],
  outfile: join(DIST, 'waggle.cjs'),
  // ssh2 does without its native code, which nobody then has to compile.
  external: ['cpu-features', '*.node'],
  plugins: [withoutSessions],
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
});
await build({ ...OPTIONS, entryPoints: ['src/launch.ts'], outfile: join(DIST, 'main.cjs') });
writeFileSync(join(DIST, 'NOTICE'), renderNotice(Object.keys(metafile.inputs)));
for (const file of ['cluster.env.example', 'registry.env.example'])
  cpSync(`deploy/${file}`, join(DIST, 'templates', file));
cpSync('src/lab/image', join(DIST, 'image'), { recursive: true });
writeCodeCache();

/** Plans the reference stack once, and keeps what V8 compiled for it. */
function writeCodeCache(): void {
  const project = createSampleProject();
  try {
    execFileSync('node', [join(import.meta.dirname, 'write-code-cache.cjs'), 'plan', '--offline'], {
      cwd: project.folder,
      // Settings of whoever builds would plan another stack, or none.
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...project.env },
    });
  } finally {
    rmSync(project.folder, { recursive: true });
  }
}
