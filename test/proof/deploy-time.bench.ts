// Proves: a redeploy takes at most 1.15 times `docker stack deploy --detach=false` plus 1 s, and less than a shell script.
import { REGISTRY } from '../../src/lab/topology.ts';
import { askSwarm } from '../lab/ask-swarm.ts';
import { labUp } from '../lab/lab.ts';
import { median, report } from '../lab/measure.ts';
import { Operator } from '../lab/operator.ts';
import { reset } from '../lab/reset.ts';

/**
 * A SKIP_BUILD deploy of the reference stack (5 services, 5 secrets, 3 nodes), to and fro between two versions: by
 * Waggle, by `docker stack deploy --detach=false` on the manager, and by a plain shell script with one ssh a step and
 * a look every 5 s. In turns, in one run.
 */
const ROUNDS = 5;
const lab = await labUp();
const [m1] = lab.managers;
const operator = new Operator(lab);
await reset(lab);
await operator.installWaggle();
await operator.checkOut();

/** Tag -> the rendered stack that the manager keeps of it. */
const bundles = new Map<string, string>();
for (const version of ['one', 'two']) {
  const tag = await operator.commit(`version ${version}`);
  const { code, stdout, stderr } = await operator.waggle(['deploy']);
  if (code !== 0) throw new Error(stderr);
  const id = /release (\S+) of shop runs/.exec(stdout)?.[1];
  bundles.set(tag, await m1.run(['cat', `/home/deploy/.waggle/shop/${id}/stack.yml`]));
}

const times: Record<'waggle' | 'docker' | 'script', number[]> = { waggle: [], docker: [], script: [] };
const lags: number[] = [];
const tags = [...bundles.keys()];
let deploys = 0;
for (let round = 0; round < ROUNDS; round++)
  for (const [way, run] of Object.entries({ waggle, docker, script })) {
    const tag = tags[deploys++ % tags.length] ?? '';
    const ms = await run(tag);
    times[way as keyof typeof times].push(ms);
    process.stderr.write(`round ${round + 1} of ${ROUNDS}: ${way} ${ms.toFixed(0)} ms\n`);
  }

for (const [way, values] of Object.entries(times))
  process.stdout.write(
    `${way.padEnd(8)} ${median(values).toFixed(0).padStart(6)} ms   (${values.map((ms) => ms.toFixed(0)).join(', ')})\n`,
  );
const [byWaggle, byDocker, byScript] = [times.waggle, times.docker, times.script].map(median) as [
  number,
  number,
  number,
];
report([
  { what: 'waggle, beside 1.15 times docker and 1 s', value: byWaggle, most: byDocker * 1.15 + 1000 },
  { what: 'waggle, beside the script', value: byWaggle, most: byScript },
  { what: 'from the cluster has converged to the verdict', value: median(lags), most: 300 },
]);
await reset(lab);

async function waggle(tag: string): Promise<number> {
  const env = { SKIP_BUILD: '1', DEPLOY_TAG: tag };
  const [output, ms] = await timed(() => operator.waggle(['deploy', '--json'], { env }));
  if (output.code !== 0) throw new Error(output.stderr);
  const events = output.stdout.split('\n').filter(Boolean);
  const verdict = events
    .map((line) => JSON.parse(line) as { step?: string; state?: string; time: string })
    .find(({ step, state }) => step === 'wait for convergence' && state === 'done');
  const services = await askSwarm<{ UpdateStatus?: { CompletedAt?: string } }[]>(lab, '/services');
  const completed = services.map(({ UpdateStatus }) => Date.parse(UpdateStatus?.CompletedAt ?? '') || 0);
  lags.push(Date.parse(verdict?.time ?? '') - Math.max(...completed));
  return ms;
}

async function docker(tag: string): Promise<number> {
  await m1.writeFile('/home/deploy/bench.yml', bundles.get(tag) ?? '', { owner: 'deploy:deploy' });
  const deploy = `${exports(tag)} docker stack deploy --detach=false --prune --with-registry-auth --compose-file bench.yml shop`;
  const [, ms] = await timed(() => m1.run(['sh', '-c', deploy], { user: 'deploy', cwd: '/home/deploy' }));
  return ms;
}

/** The same steps, as .deploy_prod takes them: one ssh each, a look every 5 s. */
async function script(tag: string): Promise<number> {
  const stack = bundles.get(tag) ?? '';
  await operator.write('bench.yml', stack);
  const { host, username, password } = REGISTRY;
  const found = (pattern: RegExp) =>
    [...new Set([...stack.matchAll(pattern)].map(([, name]) => name))].join(' ');
  const secrets = found(/"name": "(shop_\w+_\d{14})"/g);
  const images = found(/"image": "([^"]+)"/g);
  const [, ms] = await timed(() =>
    operator.sh(`set -eu
      ssh_() { port=$1; shift; ssh -o BatchMode=yes -p "$port" deploy@bastion.lab "$@"; }
      on() { ssh_ 2201 "$@"; }
      on docker node ls >/dev/null
      for port in 2201 2202 2203; do
        printf %s '${password}' | ssh_ $port docker login ${host} --username ${username} --password-stdin >/dev/null 2>&1
        for image in ${images}; do ssh_ $port docker pull --quiet "$image" >/dev/null; done
      done
      on 'cat >bench.yml' <bench.yml
      for secret in ${secrets}; do on docker secret inspect "$secret" >/dev/null; done
      on 'docker service inspect $(docker stack services -q shop)' >before.json
      on "${exports(tag)} docker stack deploy --detach=true --prune --with-registry-auth --compose-file bench.yml shop" >/dev/null
      look='docker stack services shop --format "{{.Replicas}}"; docker service inspect $(docker stack services -q shop) --format "{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}"'
      while sleep 5; on "$look" | grep -q -e updating -e 0/ -e 1/3 -e 2/3; do :; done
      on docker stack ps shop --filter desired-state=running --no-trunc --format '{{.Image}}' >images.txt
      curl --silent --fail http://bastion.lab:8080/health >/dev/null
      on docker secret ls --quiet >/dev/null
      for port in 2201 2202 2203; do ssh_ $port docker logout ${host} >/dev/null; done`),
  );
  return ms;
}

/** Values that the rendered stack names: any will do, for another image restarts the service anyway. */
function exports(tag: string): string {
  const names = [...(bundles.get(tag) ?? '').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => `${name}=bench`);
  return [...new Set(names)].join(' ');
}

async function timed<T>(run: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  const result = await run();
  return [result, performance.now() - start];
}
