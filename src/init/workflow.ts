/** .github/workflows/deploy.yml for a new project. Every action is pinned by the commit of its release. */
export const WORKFLOW = `# Deploys what a tag names. The environment "production" of the repository has every value; none is in the checkout.
# Variables: DEPLOY_MANAGER_HOST, DEPLOY_SSH_HOST_KEY, REGISTRY, REGISTRY_NAMESPACE, REGISTRY_USERNAMEMORE_VARIABLES
# Secrets: DEPLOY_SSH_PRIVATE_KEY, REGISTRY_TOKENMORE_SECRETS
name: deploy
on:
  push: { tags: ["v*"] }
  workflow_dispatch:

permissions: { contents: read }
# No deploy is ever cancelled by a newer one: that one waits.
concurrency: { group: deploy-production, cancel-in-progress: false, queue: max }

jobs:
  deploy:
    runs-on: ubuntu-24.04
    environment: production
    env:
      DEPLOY_MANAGER_HOST: \${{ vars.DEPLOY_MANAGER_HOST }}
      DEPLOY_SSH_HOST_KEY: \${{ vars.DEPLOY_SSH_HOST_KEY }}
      REGISTRY: \${{ vars.REGISTRY }}
      REGISTRY_NAMESPACE: \${{ vars.REGISTRY_NAMESPACE }}
      REGISTRY_USERNAME: \${{ vars.REGISTRY_USERNAME }}
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        # All of the history: the labels of an image name the last commit that touched it, so that it stays the same.
        with: { fetch-depth: 0, persist-credentials: false }
      - uses: actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0
        with: { node-version: 20 }
      - uses: docker/setup-qemu-action@29109295f81e9208d7d86ff1c6c12d2833863392 # v3.6.0
      - uses: docker/setup-buildx-action@e468171a9de216ec08956ac3ada2f0791b6bd435 # v3.11.1
      - name: settings that are not secret
        run: for file in deploy/*.env.example; do cp "$file" "\${file%.example}"; done
# FILES
      - name: install waggle
        run: npm install --global --ignore-scripts waggle-deploy@VERSION
      - name: deploy
        env:
          DEPLOY_SSH_PRIVATE_KEY: \${{ secrets.DEPLOY_SSH_PRIVATE_KEY }}
          REGISTRY_TOKEN: \${{ secrets.REGISTRY_TOKEN }}
# VALUES
        # GitHub cancels by a signal to this shell only: waggle takes its place, and restores the stack.
        run: exec waggle deploy --wait --on-interrupted=rollback
`;
