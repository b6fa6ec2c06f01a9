import { until } from '../../src/lab/engine.ts';
import type { Machine } from '../../src/lab/machine.ts';

/** Gives a machine's sshd some lines of configuration beside those of the lab; the empty text takes them away. */
export async function setSshd(machine: Machine, lines: string): Promise<void> {
  // Read before the lab's own file: for sshd the first value counts.
  await machine.writeFile('/etc/ssh/sshd_config.d/0-test.conf', lines);
  await restartSshd(machine);
}

/** Connections that are open stay open. */
export async function restartSshd(machine: Machine): Promise<void> {
  await machine.exec(['pkill', '-f', 'sshd: /usr/sbin/sshd']);
  await until('sshd listens', async () => {
    await machine.exec(['/usr/sbin/sshd']);
    return (await machine.run(['ss', '-ltn', 'sport = :22'])).includes('LISTEN');
  });
}
