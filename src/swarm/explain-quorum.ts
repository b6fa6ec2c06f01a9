/** What a manager says that reaches too few others, by when they were lost. */
const NO_QUORUM = /does not have a leader|DeadlineExceeded|has no leader/;

/** Says it in words for whoever has to mend it, with the manager's own behind them; undefined: it is not that. */
export function explainQuorum(said: string): string | undefined {
  return NO_QUORUM.test(said) ? `too few managers are online: the Swarm has no leader (${said})` : undefined;
}
