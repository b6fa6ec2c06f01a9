import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { countOf } from '../shared/count-of.ts';
import { reachEveryAddress } from '../shared/reach-every-address.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Who renews by itself does so a month before: at two weeks it does not. */
const SOON_MS = 14 * DAY_MS;

/** A warning about the certificate of an https URL that answers; undefined: none. */
export async function findExpiry(
  url: string,
  timeoutMs: number,
  now = Date.now(),
): Promise<string | undefined> {
  const { protocol, host, hostname, port } = new URL(url);
  if (protocol !== 'https:') return undefined;
  const end = await readCertificateEnd(hostname.replace(/^\[|\]$/g, ''), Number(port || 443), timeoutMs);
  if (!end || end.getTime() - now > SOON_MS) return undefined;
  const days = Math.floor((end.getTime() - now) / DAY_MS);
  return `the certificate of ${host} ends in ${countOf(days, 'day')}: renew it`;
}

/** undefined: it shows none in time, which is for the health check to find. */
function readCertificateEnd(host: string, port: number, timeoutMs: number): Promise<Date | undefined> {
  return new Promise((resolve) => {
    const servername = isIP(host) ? {} : { servername: host };
    // Whether it can be trusted was asked before; here only its date is read, and nothing is sent.
    const trust = { ...servername, rejectUnauthorized: false };
    const socket = connect({ host, port, ...trust, ...reachEveryAddress(timeoutMs) });
    const end = (date?: Date) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(date);
    };
    const timer = setTimeout(end, timeoutMs);
    socket.once('secureConnect', () => end(new Date(socket.getPeerCertificate().valid_to)));
    for (const event of ['error', 'close']) socket.once(event, () => end());
  });
}
