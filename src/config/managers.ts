import type { Destination } from '../shared/destination.ts';
import type { ClusterSettings } from './settings.ts';

/** The managers; what one is named with wins over what is set for all. */
export function managersOf({
  DEPLOY_MANAGER_HOST: managers,
  DEPLOY_MANAGER_USER,
  DEPLOY_MANAGER_SSH_PORT,
}: ClusterSettings): readonly Destination[] {
  return managers.map(({ name, user = DEPLOY_MANAGER_USER, port = DEPLOY_MANAGER_SSH_PORT }) => ({
    name,
    user,
    port,
  }));
}
