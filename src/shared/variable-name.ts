/** What a secret's key is called in the environment: postgres-password as POSTGRES_PASSWORD. */
export function variableName(key: string): string {
  return key.toUpperCase().replaceAll(/\W/g, '_');
}
