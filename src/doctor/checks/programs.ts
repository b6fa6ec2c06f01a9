import { type Checkup, fine, problem } from '../checkup.ts';

const WANTED = [
  { argv: ['git', '--version'], name: 'git', why: 'names each release by its commit' },
  { argv: ['docker', 'buildx', 'version'], name: 'docker buildx', why: 'builds the images' },
] as const;

/** What a deploy runs on this machine. */
export const programs: Checkup = {
  name: 'this machine',
  async look({ release: { builds }, tools: { local } }) {
    const wanted = WANTED.filter(({ name }) => name !== 'docker buildx' || builds.length > 0);
    return Promise.all(
      wanted.map(async ({ argv, name, why }) => {
        const { exitCode, stdout } = await local(argv);
        if (exitCode === 0) return fine(stdout.trim().split('\n')[0] ?? name);
        return problem(`${name} is not there: it ${why}`, `install ${name}`);
      }),
    );
  },
};
