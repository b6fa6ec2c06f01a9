import type { Remote } from '../shared/tools.ts';

export interface SocketFailure {
  readonly message: string;
  readonly hint: string;
  /** Docker does not run there: another manager may serve. */
  readonly isDown: boolean;
}

/** Why the manager's Docker socket cannot be opened: sshd says no more than that it failed, so its shell is asked. */
export async function explainSocket(
  remote: Remote,
  manager: string,
  path: string,
  cause: Error,
): Promise<SocketFailure> {
  const found = await remote.run(renderQuestion(path)).catch(() => undefined);
  const word = found?.stdout.trim() ?? '';
  const [problem, hint] = REASONS[word] ?? [
    `the manager's ${path} cannot be opened: ${cause.message}`,
    'check that Docker runs there, that the user is in the docker group, and that sshd has AllowStreamLocalForwarding yes',
  ];
  return { message: `${manager}: ${problem}`, hint, isDown: word === 'absent' || word === 'silent' };
}

/** Prints one word. `-w` is asked of the system, so groups and access lists count. */
const renderQuestion = (path: string) => `
  if ! [ -e ${path} ]; then echo absent
  elif ! [ -w ${path} ]; then echo forbidden
  elif timeout 10 docker --host unix://${path} version >/dev/null 2>&1; then echo unforwarded
  else echo silent; fi`;

const REASONS: Readonly<Record<string, readonly [string, string]>> = {
  absent: [
    'there is no docker.sock',
    'install Docker there, or start it: sudo systemctl enable --now docker',
  ],
  forbidden: [
    'the user may not use Docker',
    'put it into the docker group there: sudo usermod -aG docker "$USER" (it counts from the next login)',
  ],
  silent: ['Docker does not answer on its socket', 'start it there: sudo systemctl restart docker'],
  unforwarded: [
    'sshd does not forward to docker.sock',
    'set AllowStreamLocalForwarding yes and AllowTcpForwarding yes in /etc/ssh/sshd_config there',
  ],
};
