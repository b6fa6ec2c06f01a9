import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { reachEveryAddress } from '../shared/reach-every-address.ts';
import type { Endpoint } from './endpoint.ts';
import { explainConnecting } from './explain-connecting.ts';

/** Opens a stream of bytes to a host's sshd. */
export type OpenStream = () => Promise<Duplex>;

export const CONNECT_TIMEOUT_MS = 15_000;

export async function openTcp(endpoint: Endpoint): Promise<Duplex> {
  const { host, port } = endpoint;
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, ...reachEveryAddress(CONNECT_TIMEOUT_MS) });
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(explainConnecting(endpoint, error));
    };
    const tooLate = () => socket.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' }));
    const timer = setTimeout(tooLate, CONNECT_TIMEOUT_MS);
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

/** Through a bastion that is connected already. */
export async function openForward(bastion: Client, endpoint: Endpoint): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(explainConnecting(endpoint, error));
    // The bastion's own system would try for minutes, while the next manager may answer.
    const tooLate = Object.assign(new Error(), { level: 'forward-timeout' });
    const timer = setTimeout(fail, CONNECT_TIMEOUT_MS, tooLate);
    bastion.forwardOut('127.0.0.1', 0, endpoint.host, endpoint.port, (error, channel) => {
      clearTimeout(timer);
      if (error) fail(error);
      else resolve(channel);
    });
  });
}
