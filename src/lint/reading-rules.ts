/** Rules of reading a stack file, which no file of this folder has. A comment silences them like any rule. */
export const READING_RULES = [
  {
    id: 'unset-variable',
    level: 'error',
    finds: 'a variable that nothing sets',
    silenced: 'the value is empty, as with Docker',
  },
  {
    id: 'misread-value',
    level: 'error',
    finds: 'a value that YAML reads as another one: `1.10` is the number 1.1',
    silenced: 'Waggle sends the value that YAML reads',
  },
  {
    id: 'second-document',
    level: 'error',
    finds: 'a second YAML document in the file',
    silenced: 'Waggle reads the first document only, as Docker does',
  },
  {
    id: 'unknown-constraint',
    level: 'error',
    finds: 'a placement constraint on a property that no node has',
    silenced: 'Swarm leaves the tasks pending',
  },
  {
    id: 'inactive-dependency',
    level: 'error',
    finds: '`depends_on` a service of an inactive profile',
    silenced: 'the service does not wait for it',
  },
  {
    id: 'circular-dependency',
    level: 'error',
    finds: 'services that wait for each other',
    silenced: 'these services start together',
  },
  {
    id: 'endless-dependency',
    level: 'error',
    finds: 'a service that waits for the end of a service that runs on',
    silenced: 'the service waits for the start of the other',
  },
  {
    id: 'build-secret',
    level: 'error',
    finds: 'a secret in a build argument, which everyone with the image can read',
    silenced: 'Waggle passes the value to the build',
  },
  {
    id: 'unsupported-key',
    level: 'error',
    finds: 'a [key](compose-keys.md#refused) that Docker ignores or refuses',
    silenced: 'Waggle leaves the key out',
  },
  {
    id: 'ignored-key',
    level: 'warning',
    finds: 'a [key](compose-keys.md#ignored) that Docker ignores without a loss',
    silenced: 'the same, without the warning',
  },
] as const;
