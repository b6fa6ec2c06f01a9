import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { clusterMemory, pinCluster } from '../../src/cli/pin-cluster.ts';
import { runGit } from '../../src/shared/git.ts';
import type { Ask } from '../../src/shared/tools.ts';
import { ClusterGuard } from '../../src/swarm/cluster-guard.ts';

const root = mkdtempSync(join(tmpdir(), 'waggle-cluster-'));
afterAll(() => rmSync(root, { recursive: true }));
const at = (path: string, stack = 'shop', folder = 'deploy') =>
  clusterMemory({ stack, folder, base: join(root, path) });

describe('the cluster of the last deploy', () => {
  test('is kept for each stack and folder of a checkout, its worktrees among it, and is in no commit', async () => {
    mkdirSync(join(root, 'checkout/deploy'), { recursive: true });
    const git = (...argv: readonly string[]) =>
      runGit(join(root, 'checkout'), ['-c', 'user.name=o', '-c', 'user.email=o@lab', ...argv]);
    await git('init', '--quiet');
    await git('commit', '--quiet', '--allow-empty', '--message', 'begun');
    await git('worktree', 'add', '--quiet', join(root, 'tree'));
    const memory = at('checkout/deploy');
    expect(await memory.read()).toBeUndefined();
    await memory.write('aaa');
    expect(await memory.read()).toBe('aaa');
    expect(await at('tree').read()).toBe('aaa');
    expect(await at('checkout/deploy', 'other').read()).toBeUndefined();
    expect(await at('checkout/deploy', 'shop', 'deploy/staging').read()).toBeUndefined();
    expect(await git('status', '--porcelain', '--ignored')).toEqual({ stdout: '' });
  });

  test('is not kept where there is no git', async () => {
    mkdirSync(join(root, 'plain'));
    await at('plain').write('aaa');
    expect(await at('plain').read()).toBeUndefined();
  });
});

describe('another cluster than the known one', () => {
  const accept = (answer: string | undefined, mayBeNew = false, id: string | null = 'bbb') => {
    const ask: Ask = async () => answer;
    return pinCluster(new ClusterGuard(id ?? undefined), at('plain'), { mayBeNew }, ask).accept(
      'aaa',
      'the last deploy',
    );
  };

  test.each([undefined, '', 'n'])('is refused when %j is answered, with both ids', async (answer) => {
    await expect(accept(answer)).rejects.toMatchObject({
      code: 'WRONG_CLUSTER',
      message: expect.stringMatching(/\bbbb\b.*\baaa\b/),
      hint: expect.stringContaining('--allow-new-cluster'),
    });
  });

  test('is taken when that is answered, or the flag says so', async () => {
    await accept('yes');
    await accept(undefined, true);
  });

  test('is not seen in the same one, nor where no manager says which it is', async () => {
    await accept(undefined, false, 'aaa');
    await accept(undefined, false, null);
  });
});
