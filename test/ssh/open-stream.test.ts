import { expect, test } from 'vitest';
import { openTcp } from '../../src/ssh/open-stream.ts';
import { endpointAt } from '../fakes/endpoint.ts';
import { listenFarAway } from '../fakes/far-server.ts';
import { answerLookups } from '../fakes/name-server.ts';

test.each([
  ['the first', ['127.0.0.1', '::1']],
  ['the last', ['::1', '127.0.0.1']],
])('a host that is far away is reached, if %s of its addresses works', async (_which, addresses) => {
  const port = await listenFarAway();
  answerLookups(addresses);
  const socket = await openTcp(endpointAt(port, { host: 'shop.test' }));
  socket.destroy();
});

test('a host of which no address works is refused at once', async () => {
  answerLookups(['127.0.0.1', '::1']);
  await expect(openTcp(endpointAt(65534, { host: 'shop.test' }))).rejects.toThrow(
    'the connection was refused',
  );
});
