/** What a manager says that reaches too few others, by when they were lost. */
const NO_QUORUM = /does not have a leader|DeadlineExceeded|has no leader/;

/** Explains the error to an operator, with the manager's own words; undefined: another error. */
export function explainQuorum(said: string): string | undefined {
  return NO_QUORUM.test(said) ? `too few managers are online: the Swarm has no leader (${said})` : undefined;
}
