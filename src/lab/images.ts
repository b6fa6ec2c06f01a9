import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { localShell } from '../shared/shell.ts';
import { TimeLimit } from '../shared/time-limit.ts';
import { aptInstall, docker, type Engine, retryFetch } from './engine.ts';

const SOURCE = fileURLToPath(new URL('./image', import.meta.url));
const BASE = 'debian:trixie-slim';

/** Names of the images that the lab is made of; built when their sources changed. */
export interface Images {
  readonly machine: string;
  readonly standIn: string;
  readonly arm64: string;
}

export async function ensureImages(engine: Engine): Promise<Images> {
  const context = prepareContext();
  try {
    const tag = hashOf(context);
    const [machine, standIn, arm64] = ['machine', 'standin', 'arm64'].map(
      (part) => `waggle-lab-${part}:${tag}`,
    ) as [string, string, string];
    const wanted = [
      [machine, 'Dockerfile'],
      [standIn, 'standin.Dockerfile'],
      [arm64, 'arm64.Dockerfile'],
    ] as const;
    const there = await Promise.all(wanted.map(([image]) => isThere(engine, image)));
    // npm is large, and only a build takes it.
    if (there.includes(false)) await copyNpm(join(context, 'npm'));
    // One after the other: the first brings the base that all begin with.
    for (const [at, [image, dockerfile]] of wanted.entries())
      if (!there[at]) await makeImage(engine, image, context, dockerfile);
    return { machine, standIn, arm64 };
  } finally {
    rmSync(context, { recursive: true });
  }
}

/** The image's sources, with the CA bundle that this machine trusts. */
function prepareContext(): string {
  const context = mkdtempSync(join(tmpdir(), 'waggle-lab-'));
  cpSync(SOURCE, context, { recursive: true });
  const bundle = process.env.NODE_EXTRA_CA_CERTS;
  writeFileSync(join(context, 'trust.pem'), bundle ? readFileSync(bundle) : '');
  return context;
}

/** npm with all it needs in one folder; Debian's is spread over many, so there one is fetched. */
async function copyNpm(target: string): Promise<void> {
  const whole = join(dirname(dirname(process.execPath)), 'lib/node_modules/npm');
  if (existsSync(whole)) return cpSync(whole, target, { recursive: true, dereference: true });
  const folder = mkdtempSync(join(tmpdir(), 'waggle-npm-'));
  const { exitCode, stderr } = await localShell([
    'npm',
    'install',
    '--prefix',
    folder,
    '--no-audit',
    '--no-fund',
    'npm@10',
  ]);
  if (exitCode !== 0) throw new Error(`cannot fetch npm: ${stderr.trim()}`);
  cpSync(join(folder, 'node_modules/npm'), target, { recursive: true, dereference: true });
  rmSync(folder, { recursive: true });
}

function hashOf(context: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(context).sort()) hash.update(name).update(readFileSync(join(context, name)));
  return hash.digest('hex').slice(0, 12);
}

const isThere = (engine: Engine, image: string) =>
  docker(engine, ['image', 'inspect', image]).then(
    () => true,
    () => false,
  );

async function makeImage(engine: Engine, image: string, context: string, dockerfile: string): Promise<void> {
  await ensureBase(engine);
  const build = ['build', '--quiet', '--tag', image, '--file', join(context, dockerfile), context];
  // The host may have no buildx; the classic builder is enough for these files.
  await retryFetch(() => docker(engine, build, { env: { DOCKER_BUILDKIT: '0' } }));
}

/** Pulled where a registry can be reached, else made from Debian's packages. */
async function ensureBase(engine: Engine): Promise<void> {
  const has = async (argv: readonly string[]) => {
    using limit = new TimeLimit(60_000);
    return await docker(engine, argv, { signal: limit.signal }).then(
      () => true,
      () => false,
    );
  };
  if ((await has(['image', 'inspect', BASE])) || (await has(['pull', '--quiet', BASE]))) return;
  const folder = mkdtempSync(join(tmpdir(), 'waggle-base-'));
  const tar = join(folder, 'base.tar');
  await retryFetch(() => mmdebstrap(['--variant=minbase', '--include=ca-certificates', 'trixie', tar]));
  await docker(engine, ['import', tar, BASE]);
  rmSync(folder, { recursive: true });
}

async function mmdebstrap(argv: readonly string[]): Promise<void> {
  if ((await localShell(['which', 'mmdebstrap'])).exitCode !== 0) await aptInstall('mmdebstrap');
  const { exitCode, stderr } = await localShell(['mmdebstrap', ...argv]);
  if (exitCode !== 0) throw new Error(`mmdebstrap failed: ${stderr.trim().split('\n').slice(-3).join(' ')}`);
}
