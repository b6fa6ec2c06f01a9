import { expect, test } from 'vitest';
import { type ApiNode, viewNetwork, viewNode, viewTask } from '../../src/swarm/views.ts';

const answer = (status: object, manager = {}): ApiNode => ({
  ID: 'id',
  Spec: {},
  Status: { State: 'ready', ...status },
  ManagerStatus: manager,
  Description: { Hostname: 'm1', Platform: { Architecture: 'x86_64', OS: 'linux' } },
});

test.each([
  ['a worker', answer({ Addr: '10.0.0.3' }), '10.0.0.3'],
  ['a leader since an election', answer({ Addr: '0.0.0.0' }, { Addr: '10.0.0.1:2377' }), '10.0.0.1'],
  ['a manager of IPv6', answer({ Addr: '::' }, { Addr: '[fd00::1]:2377' }), 'fd00::1'],
  ['a node that is not told', answer({}), ''],
])('the address of %s', (_what, node, address) => {
  expect(viewNode(node).address).toBe(address);
});

test('a network with what it was made with', () => {
  const IPAM = { Driver: 'default', Config: [{ Subnet: '10.0.1.0/24', Gateway: '10.0.1.1' }] };
  const known = { Id: 'n', Name: 'shop_net', Driver: 'overlay', Internal: true, Options: { encrypted: '' } };
  const answer = { ...known, EnableIPv6: true, IPAM };
  expect(viewNetwork(answer as never)).toEqual({
    id: 'n',
    name: 'shop_net',
    driver: 'overlay',
    options: { encrypted: '' },
    internal: true,
    attachable: false,
    labels: {},
    ipv6: true,
    ipam: IPAM,
  });
});

test('a task with its addresses on overlay networks, but for the ingress', () => {
  const attach = (name: string, driver: string, change = {}) => ({
    Network: { Spec: { Name: name, ...change }, DriverState: { Name: driver } },
    Addresses: ['10.0.1.4/24'],
  });
  const NetworksAttachments = [
    attach('shop_front', 'overlay'),
    attach('shop_sealed', 'overlay', { DriverConfiguration: { Options: { encrypted: '' } } }),
    attach('ingress', 'overlay', { Ingress: true }),
    attach('lan', 'macvlan'),
    { Network: { Spec: { Name: 'host' } } },
  ];
  const task = { ID: 't', ServiceID: 's', DesiredState: 'running', Spec: {}, Status: { State: 'running' } };
  expect(viewTask({ ...task, NetworksAttachments } as never).overlays).toEqual([
    { network: 'shop_front', address: '10.0.1.4', isEncrypted: false },
    { network: 'shop_sealed', address: '10.0.1.4', isEncrypted: true },
  ]);
});
