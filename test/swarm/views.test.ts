import { expect, test } from 'vitest';
import { type ApiNode, viewNetwork, viewNode } from '../../src/swarm/views.ts';

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
