import { type Browser, chromium } from 'playwright-core';
import { aptInstall } from '../../src/lab/engine.ts';
import { localShell } from '../../src/shared/shell.ts';

const NAMES = ['chromium', 'google-chrome'];

/** The machine's own browser, or Debian's, installed. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = (await findBrowser()) ?? (await installBrowser());
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

async function findBrowser(): Promise<string | undefined> {
  for (const name of NAMES) {
    const { exitCode, stdout } = await localShell(['which', name]);
    if (exitCode === 0) return stdout.trim();
  }
  return undefined;
}

async function installBrowser(): Promise<string> {
  await aptInstall('chromium');
  const found = await findBrowser();
  if (!found) throw new Error('chromium was installed, and is not there');
  return found;
}
