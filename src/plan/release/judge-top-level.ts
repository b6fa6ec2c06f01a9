import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { readPairs } from '../../config/pairs.ts';
import type { Path, Positions } from '../../config/positions.ts';
import type { Problem } from '../../config/problem.ts';
import type { StackDocument } from '../../config/stack-document.ts';

/** A stack file can make such a network on one node only, and services need one of the whole Swarm. */
const LOCAL_DRIVERS = ['bridge', 'host', 'none', 'null', 'macvlan', 'ipvlan'];

/** What Docker refuses of networks and volumes on every cluster. */
export function judgeTopLevel(
  { networks, volumes }: StackDocument,
  positions: Positions,
): readonly Problem[] {
  const at = (path: Path, message: string) => ({
    ...positions.locate(path),
    message: `${path.join('.')} ${message}`,
  });
  return [
    ...Object.entries(networks ?? {}).flatMap(([name, network]) => {
      const { driver = 'overlay', ipam } = network ?? {};
      const subnets = ipam?.config ?? [];
      return [
        ...(LOCAL_DRIVERS.includes(driver)
          ? [at(['networks', name, 'driver'], `is ${driver}, which services cannot use: leave it out`)]
          : []),
        ...subnets.flatMap(({ subnet }, index) =>
          subnet === undefined || isSubnet(subnet)
            ? []
            : [
                at(
                  ['networks', name, 'ipam', 'config', index],
                  `has the subnet ${subnet}: write one like 10.1.0.0/24`,
                ),
              ],
        ),
      ];
    }),
    ...Object.entries(volumes ?? {}).flatMap(([name, volume]) => {
      const { o, device } = readPairs(volume?.driver_opts);
      const isBind = (o ?? '').split(',').some((option) => option === 'bind' || option === 'rbind');
      return isBind && device && !isAbsolute(device)
        ? [at(['volumes', name, 'driver_opts', 'device'], `is ${device}: write an absolute path of the node`)]
        : [];
    }),
  ];
}

function isSubnet(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  const most = { 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && /^\d+$/.test(bits) && Number(bits) <= most;
}
