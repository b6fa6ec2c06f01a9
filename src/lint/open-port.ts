import { type Rule, servicesOf } from './rule.ts';

/** Ports of programs that trust their network: many need no login, and none should face the internet. */
const TRUSTING: Readonly<Record<number, string>> = {
  1433: 'SQL Server',
  1521: 'Oracle',
  2345: 'the Go debugger',
  2375: "Docker's API",
  2379: 'etcd',
  3306: 'MySQL',
  5005: 'the Java debugger',
  5432: 'PostgreSQL',
  5984: 'CouchDB',
  6379: 'Redis',
  7687: 'Neo4j',
  9042: 'Cassandra',
  9200: 'Elasticsearch',
  9229: 'the Node.js debugger',
  11211: 'Memcached',
  26257: 'CockroachDB',
  27017: 'MongoDB',
};

export const openPort: Rule = {
  id: 'open-port',
  level: 'warning',
  reason: 'Docker opens a published port past the firewall of the node, and everyone who finds it may try it',
  summary: [
    'publishes the port of a database or debugger on every node',
    'publish ports of databases or debuggers on every node',
  ],
  find: (context) =>
    servicesOf(context).flatMap(({ service, at }) =>
      (service.ports ?? []).flatMap(({ target, protocol = 'tcp' }, index) => {
        const program = protocol === 'tcp' ? TRUSTING[Number(target)] : undefined;
        return program
          ? [
              at(
                ['ports', index],
                `publishes port ${target} (${program}): leave it out, services of one network need no published port`,
              ),
            ]
          : [];
      }),
    ),
};
