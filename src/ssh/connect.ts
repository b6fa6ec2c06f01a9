import ssh2, { type AuthHandlerMiddleware, type Client, type ConnectConfig } from 'ssh2';
import type { DeployError } from '../shared/errors.ts';
import type { Endpoint } from './endpoint.ts';
import { type ConnectAttempt, explainConnecting } from './explain-connecting.ts';
import { algorithmsOf, type PinnedKeys, readTrustedKeys, verifyHostKey } from './host-key.ts';
import { type AskPassphrase, type Identity, type NamedKey, readIdentities } from './identities.ts';
import { openCommand } from './open-command.ts';
import { CONNECT_TIMEOUT_MS, type OpenStream, openForward, openTcp } from './open-stream.ts';

/** Settings of Waggle itself, in addition to those of `ssh`. */
export interface Credentials {
  /** It is offered first. */
  readonly key: NamedKey | undefined;
  /** The manager's. */
  readonly hostKey: PinnedKeys;
  readonly ask: AskPassphrase;
}

/** A dead peer is noticed after three silent intervals. */
const KEEPALIVE_MS = 10_000;
/** sshd's own LoginGraceTime: somebody may have to type a passphrase, or to let an agent sign. */
const TYPING_TIMEOUT_MS = 120_000;

/**
 * Opens one verified and authenticated connection to the last host of a route, through all before it; or says in
 * the operator's words why it could not. Ending it ends those that it goes through.
 */
export async function connect(route: readonly Endpoint[], credentials: Credentials): Promise<Client> {
  let before: Client | undefined;
  for (const [index, endpoint] of route.entries()) {
    const through = before;
    const open = through ? () => openForward(through, endpoint) : () => openDirect(endpoint);
    const isLast = index === route.length - 1;
    const own = isLast ? credentials : { ...credentials, hostKey: undefined };
    try {
      const client: Client = await connectTo(endpoint, open, own);
      client.once('close', () => through?.end());
      before = client;
    } catch (error) {
      through?.end();
      throw error;
    }
  }
  return before as Client;
}

/** Of several bastions only the first has a way of its own, as with ssh. */
const openDirect = (endpoint: Endpoint) =>
  endpoint.proxyCommand === undefined ? openTcp(endpoint) : openCommand(endpoint.proxyCommand);

async function connectTo(endpoint: Endpoint, open: OpenStream, credentials: Credentials): Promise<Client> {
  const [known, identities] = await Promise.all([
    readTrustedKeys(endpoint, credentials.hostKey),
    readIdentities(endpoint, credentials.key, credentials.ask),
  ]);
  // Last, so that nothing that fails here leaves it open.
  const sock = await open();
  const client = new ssh2.Client();
  let refused: DeployError | undefined;
  const tried: ConnectAttempt = { offered: [], unused: [] };
  const config: ConnectConfig = {
    sock,
    username: endpoint.user,
    readyTimeout: identities.some(maySomebodyAct) ? TYPING_TIMEOUT_MS : CONNECT_TIMEOUT_MS,
    keepaliveInterval: KEEPALIVE_MS,
    keepaliveCountMax: 3,
    authHandler: offerInTurn(identities, endpoint.user, tried),
    algorithms: { serverHostKey: { prepend: algorithmsOf(known.keys), append: [], remove: [] } },
    hostVerifier: (shown: Buffer, verified: (isValid: boolean) => void) => {
      verifyHostKey(endpoint, shown, known, open)
        .catch((error: DeployError) => (refused = error))
        // ssh2 throws if the connection has ended meanwhile; an event of its own reports that.
        .then((error) => verified(error === undefined))
        .catch(() => {});
    },
  };
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(refused ?? explainConnecting(endpoint, error, tried));
    // However long somebody may take, the host itself may not.
    const timer = setTimeout(() => {
      fail(Object.assign(new Error(), { level: 'client-timeout' }));
      client.destroy();
    }, CONNECT_TIMEOUT_MS);
    client.once('handshake', () => clearTimeout(timer));
    client.once('close', () => clearTimeout(timer));
    client.once('ready', () => resolve(client));
    // Stays: ssh2 may tell of more than one, and one that nobody hears would end the process.
    client.on('error', fail);
    client.once('close', () => reject(explainConnecting(endpoint, new Error('it hung up'))));
    client.connect(config);
  });
}

const maySomebodyAct = ({ isAsked, isAgent }: Identity) => isAsked || isAgent;

/** The next way to authenticate each time that the server refused one. */
function offerInTurn(
  identities: readonly Identity[],
  user: string,
  tried: ConnectAttempt,
): AuthHandlerMiddleware {
  const left = [...identities];
  const next: AuthHandlerMiddleware = (methods, partial, done) => {
    const identity = left.shift();
    if (!identity) return done(false as never);
    identity.method(user).then((method) => {
      tried[method ? 'offered' : 'unused'].push(identity);
      return method ? done(method) : next(methods, partial, done);
    });
  };
  return next;
}
