/** Where Waggle and Docker's client disagree about a stack file on purpose. The proof `docker-oracle` prints this table. */
export interface Difference {
  readonly id: string;
  readonly why: string;
  /** Which of the two refuses the file, and what it says then. */
  readonly refusedBy: 'docker' | 'waggle';
  readonly says: RegExp;
  /** The difference explains a refusal only in files that match. */
  readonly file?: RegExp;
}

const waggle = (id: string, says: RegExp, why: string): Difference => ({
  id,
  why,
  refusedBy: 'waggle',
  says,
});
const docker = (id: string, says: RegExp, why: string): Difference => ({
  id,
  why,
  refusedBy: 'docker',
  says,
});

export const DIFFERENCES: readonly Difference[] = [
  waggle(
    'refused-by-swarm',
    /needs an image|not an image name|not declared under|round in a circle/,
    'Docker refuses it only at `docker stack deploy`, or Waggle could not order the services',
  ),
  waggle(
    'limits',
    /does not go with mode|Swarm takes|write a number like|Docker takes at least|has nothing after|the first word must be|absolute path|as an entry above|cannot use|has the subnet|names a key that no node has|must be \w+ or |is no constraint|has the value/,
    'Swarm refuses it on every cluster, or a task can never run',
  ),
  waggle(
    'ports',
    /publishes |routing mesh|is not a port|\.ports\.\d+ is in the list already/,
    'Swarm cannot publish on one address, and refuses a port that is published twice',
  ),
  waggle(
    'mounts',
    /is not a mount|is not a path of the nodes|names C,/,
    'a path of this machine means nothing on a node; Windows paths are not read',
  ),
  waggle(
    'misread',
    /is read as|octal number|must be a duration|must be a size|has a value without a name|must be NAME=value/,
    'Docker would send another value than the file says, or nothing',
  ),
  waggle('unsupported', /is not supported|asks for an address|has no content/, 'Docker ignores the key'),
  docker('version', /version/i, 'Waggle sends no version:, so that the newest schema holds'),
  docker(
    'name',
    /Additional property name/,
    'compose files have a name; Waggle says that STACK_NAME names the stack',
  ),
  docker(
    'newer-than-client',
    /Additional property (oom_score_adj|isolation|driver_opts|credential_spec|start_interval) is not allowed/,
    'the schema of Waggle is that of Docker 28; an older client says so at `docker stack deploy`',
  ),
  {
    ...docker(
      'older-schema',
      /Additional property \w+ is not allowed/,
      'the file names an older version, whose schema lacks the key; Waggle sends no version:',
    ),
    file: /^version: "3\.\d"$/m,
  },
  docker('number-of-cpus', /cpus must be a string/, 'compose takes a number, too; Waggle sends it as text'),
  docker('extensions', /Additional property x-/, 'older schemas take no x- keys; Waggle does not send them'),
  docker(
    'quoted-scalar',
    /must be a (boolean|integer|number)/,
    'a number or boolean in quotes means one thing only',
  ),
  docker(
    'depends-on-map',
    /depends_on must be a list/,
    'Waggle reads the conditions, orders the services by them, and sends no depends_on',
  ),
  docker(
    'external',
    /conflicting parameters/,
    'an external object is used as it is; what else its entry says is not sent',
  ),
];
