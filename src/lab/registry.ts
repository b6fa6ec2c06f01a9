import { until } from './engine.ts';
import { type Lab, REGISTRY } from './topology.ts';

/** Waits for the registry and gives its CA to every machine that pulls or pushes. */
export async function readyRegistry({ registry, managers, workstation }: Lab): Promise<void> {
  await until('the registry has its certificate', async () => {
    return (await registry.exec(['test', '-e', '/lab/tls/ready'])).code === 0;
  });
  const ca = await registry.run(['cat', '/lab/tls/ca.crt']);
  const machines = [...managers, workstation];
  await Promise.all(
    machines.map((machine) => machine.writeFile(`/etc/docker/certs.d/${REGISTRY.host}/ca.crt`, `${ca}\n`)),
  );
}
