import ssh2, { type BaseAgent, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';

export interface AgentKeys {
  readonly agent: BaseAgent | undefined;
  /** undefined: it was asked for them, and gave no answer. */
  readonly keys: readonly ParsedKey[] | undefined;
}

/** It is on this machine; one that is asked to unlock its store may wait for somebody. */
const AGENT_TIMEOUT_MS = 15_000;

/** The keys that an ssh agent holds; none when there is no agent. */
export async function readAgentKeys(socket: string | undefined): Promise<AgentKeys> {
  if (!socket) return { agent: undefined, keys: [] };
  const agent = ssh2.createAgent(socket);
  const keys = await new Promise<AgentKeys['keys']>((resolve) => {
    setTimeout(() => resolve(undefined), AGENT_TIMEOUT_MS);
    agent.getIdentities((error, found) => resolve(error ? undefined : (found as AgentKeys['keys'])));
  });
  return { agent, keys };
}

/** An agent that offers only some of its keys: servers end a connection after a few wrong ones. */
export class OnlyTheseKeys extends ssh2.BaseAgent<ParsedKey> {
  readonly #agent: BaseAgent;
  readonly #keys: readonly ParsedKey[];

  constructor(agent: BaseAgent, keys: readonly ParsedKey[]) {
    super();
    this.#agent = agent;
    this.#keys = keys;
  }

  override getIdentities(done: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
    done(undefined, [...this.#keys]);
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback,
  ): void {
    if (typeof options === 'function') this.#agent.sign(key, data, options);
    else this.#agent.sign(key, data, options, done);
  }
}
