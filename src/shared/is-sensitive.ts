/** Names of values that are secret wherever they are set. B2_KEY_ID and the like are identifiers, not secrets. */
const SENSITIVE =
  /(PASS(WORD|WD|PHRASE|CODE)?|_PWD?|SECRETS?|TOKENS?|KEYS?|KEY_BASE|CREDENTIALS?|DSN|_PAT|CONNECTION_STRING|(DATABASE|DB|POSTGRES\w*|MYSQL|MONGO\w*|REDIS|AMQP|BROKER)_UR[IL]|SALT|PEPPER|(WEBHOOK|SLACK)(_URL)?)(_(OLD|NEW|PREVIOUS|\d+))?$/i;
const PUBLIC = /PUB(LIC)?_KEY|HOST_KEY|^DEPLOY_SSH_KEY$/i;
/** Build tools copy these into pages that everyone can read. */
const PAGE =
  /^(NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|PUBLIC|VITE|REACT_APP|VUE_APP|GATSBY)_|_(SITE|PUBLISHABLE)_KEY$/i;
/** A user and a password in a URL are a credential, under every name. */
const LOGIN = /\b[a-z][\w+.-]*:\/\/[^\s/?#@]*:[^\s/?#]+@/i;

/** Whether the name or the value tells that it is a secret. */
export const isSensitive = (name: string, value = '') =>
  (SENSITIVE.test(name) && !PUBLIC.test(name) && !PAGE.test(name)) || LOGIN.test(value);
