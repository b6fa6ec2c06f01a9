import { docker, type Engine, ensureEngine, findEngine, stopPrivateEngine } from './engine.ts';
import { ensureImages, type Images } from './images.ts';
import { Machine } from './machine.ts';
import { startMachines } from './machines.ts';
import { type Progress, SILENT } from './progress.ts';
import { readyRegistry } from './registry.ts';
import { formSwarm } from './swarm.ts';
import type { Lab } from './topology.ts';
import { readyWorkstation } from './workstation.ts';

/** Brings the lab up; quick when it is up already. A lab that is only half there is made anew. */
export async function labUp(name: string, progress: Progress = SILENT): Promise<Lab> {
  const { phase, say } = progress;
  const engine = await phase('find or start Docker (usually 1 s, the first time 1 min)', ensureEngine);
  const lab = labOf(engine, name);
  const images = await phase("build the lab's images (usually 1 s, the first time 3 min)", () =>
    ensureImages(engine),
  );
  if (await isReady(lab, images)) return lab;
  await removeLab(lab);
  await phase('start the machines (usually 5 s)', () =>
    startMachines(lab, images, ({ name: machine }) => say(`${machine} is up`)),
  );
  await phase('form the Swarm, fill the registry (usually 20 s)', async () => {
    await readyRegistry(lab);
    await Promise.all([formSwarm(lab), readyWorkstation(lab, images)]);
  });
  await lab.workstation.run(['touch', READY]);
  return lab;
}

/** Returns `undefined` if the lab is not up. Starts nothing. */
export async function findLab(name: string): Promise<Lab | undefined> {
  const engine = await findEngine();
  const lab = engine && labOf(engine, name);
  return lab && (await isMarkedReady(lab)) ? lab : undefined;
}

/** Removes every trace but the cached images; ends the private engine with the last lab. */
export async function labDown(name: string): Promise<void> {
  // Volumes and networks of a lab may outlive an engine that was stopped.
  const engine = await ensureEngine();
  await removeLab(labOf(engine, name));
  const others = await docker(engine, ['ps', '--all', '--quiet', '--filter', 'label=waggle.lab']);
  if (others === '') await stopPrivateEngine(engine);
}

/** Three managers, workstation, laptop, bastion, registry. */
const MACHINES = 7;
/** Made last, so its being there means that all of `up` was done. */
const READY = '/lab/ready';

function labOf(engine: Engine, name: string): Lab {
  const machine = (part: string) => new Machine(engine, name, part);
  return {
    name,
    engine,
    managers: [machine('m1'), machine('m2'), machine('m3')],
    workstation: machine('workstation'),
    laptop: machine('laptop'),
    bastion: machine('bastion'),
    registry: machine('registry'),
  };
}

const isMarkedReady = async ({ workstation }: Lab) =>
  (await workstation.exec(['test', '-e', READY])).code === 0;

/** All its machines run, and are of the image that this checkout would make. */
async function isReady(lab: Lab, { machine }: Images): Promise<boolean> {
  const running = [
    'ps',
    '--quiet',
    '--filter',
    `label=waggle.lab=${lab.name}`,
    '--filter',
    `ancestor=${machine}`,
  ];
  const count = (await docker(lab.engine, running)).split('\n').filter(Boolean).length;
  return count === MACHINES && (await isMarkedReady(lab));
}

async function removeLab({ engine, name }: Lab): Promise<void> {
  const filter = ['--filter', `label=waggle.lab=${name}`, '--quiet'];
  const remove = async (list: readonly string[], removal: readonly string[]) => {
    const ids = (await docker(engine, [...list, ...filter])).split('\n').filter(Boolean);
    if (ids.length > 0) await docker(engine, [...removal, ...ids]);
  };
  await remove(['ps', '--all'], ['rm', '--force', '--volumes']);
  await remove(['volume', 'ls'], ['volume', 'rm', '--force']);
  // The engine may count endpoints of containers that are gone until it restarts: the next lab has a network of its own.
  await remove(['network', 'ls'], ['network', 'rm']).catch((error: Error) => {
    if (!error.message.includes('has active endpoints')) throw error;
  });
}
