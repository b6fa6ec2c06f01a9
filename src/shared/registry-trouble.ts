/**
 * What Docker and buildx say of a registry that is busy or broken for a moment: a status of 429 or 5xx, the first that
 * they name. One that refuses has another. `grep -E` reads it as well.
 */
export const REGISTRY_TROUBLE = 'status([^:]|:[^ ])*: (429|5[0-9][0-9])([^0-9]|$)|toomanyrequests: ';
