import { IMAGE, type Probe } from './probe.ts';

/** Gives the probe's stack so many more services that run nothing, each with a secret of its own, of this version. */
export async function setSize(
  probe: Probe,
  extra: number,
  deploy = 'endpoint_mode: dnsrr, replicas: 0',
  version = '1',
): Promise<void> {
  const names = Array.from({ length: extra }, (_, at) => `more${at}`);
  const service = (name: string) =>
    `${name}: { image: ${IMAGE}, command: [redis-server], environment: { VERSION: "${version}" }, secrets: [${name}], deploy: { ${deploy} } }`;
  await Promise.all(names.map((name) => probe.setFile(`secrets/${name}.txt`, `value ${version} of ${name}`)));
  await probe.setStack({ extra: names.map(service).join('\n  ') });
  const declared = names.map((name) => `, ${name}: { file: secrets/${name}.txt }`).join('');
  await probe.operator.sh(
    `sed -i 's|^secrets: { \\(.*\\) }$|secrets: { \\1${declared} }|' deploy/probe/stack.yml`,
  );
}
