// Stands in for Dozzle: answers where DOZZLE_ADDR says, as the real one does.
import { createServer } from 'node:http';

const [, host, port] = /^(.*):(\d+)$/.exec(process.env.DOZZLE_ADDR ?? ':8080') ?? [];
const server = createServer((_request, response) => response.end('dozzle stand-in\n'));
server.listen(Number(port), host || undefined);
process.on('SIGTERM', () => server.close(() => process.exit(0)));
