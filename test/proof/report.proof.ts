// Proves: the report of real deploys can be read by anybody in a real browser.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from '../lab/browser.ts';
import { labUp } from '../lab/lab.ts';
import { Operator } from '../lab/operator.ts';
import { Probe } from '../lab/probe.ts';
import { reset } from '../lab/reset.ts';

/** The report of real deploys, in a real browser. */
const lab = await labUp();
const operator = new Operator(lab);
const probe = new Probe(operator);
let browser: Browser;
/** Of one that went well, in place of another; and of one that did not. */
const pages = { good: '', failed: '' };

beforeAll(async () => {
  await reset(lab);
  await operator.checkOut();
  await probe.setUp();
  const deploy = (tag: string) => probe.run(['deploy'], { DEPLOY_TAG: tag });
  expect((await deploy('v1')).code).toBe(0);
  await probe.setStack({
    environment: '{ A: "2", EVIL: "<script>alert(1)</script>" }',
    deploy: 'replicas: 3',
  });
  expect((await deploy('v2')).code).toBe(0);
  await probe.setStack({ web: 'entrypoint: [sh, -c, "echo the <database> is gone >&2; exit 3"]' });
  expect((await deploy('v3')).code).toBe(9);
  pages.good = await report('r2', 'good.html');
  pages.failed = await report(undefined, 'failed.html');
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await reset(lab);
});

async function report(name: string | undefined, out: string): Promise<string> {
  const { code, stdout, stderr } = await probe.run(['report', ...(name ? [name] : []), '--out', out]);
  expect(code, stderr).toBe(0);
  expect(stdout).toBe(`${out}\n`);
  return operator.sh(`cat ${out}`);
}

interface Looking {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** Shows a page to `use`; nothing may be asked for, and nothing may go wrong meanwhile. */
async function look(
  html: string,
  use: (page: Page) => Promise<void>,
  { width = 1200, colorScheme = 'light' }: Looking = {},
) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  const trouble: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) trouble.push(`asks for ${request.url()}`);
  });
  page.on('console', (message) => trouble.push(message.text()));
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('dialog', (dialog) => trouble.push(`a script ran: ${dialog.message()}`));
  await page.setContent(html);
  await use(page);
  await context.close();
  expect(trouble).toEqual([]);
}

const sizes = [
  ['a desktop', 1200],
  ['a phone', 375],
] as const;

/** Bars that lie outside of their tracks. */
const UNSEEN = `[...document.querySelectorAll('li i')].filter((bar) => {
  const [own, track] = [bar, bar.parentElement].map((one) => one.getBoundingClientRect());
  return own.width > 0 && (own.left < track.left || own.left > track.right - 2);
}).map((bar) => bar.outerHTML)`;

describe.each(sizes)('on %s', (_what, width) => {
  test.each(['good', 'failed'] as const)('nothing sticks out, and the bars are seen: %s', async (which) => {
    await look(
      pages[which],
      async (page) => {
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
        expect(await page.evaluate(UNSEEN)).toEqual([]);
        const narrow = await page
          .locator('li .track')
          .evaluateAll((all) => Math.min(...all.map((one) => one.clientWidth)));
        expect(narrow).toBeGreaterThan(width / 3);
        const picture = await page.screenshot({ fullPage: true });
        expect(picture.length).toBeGreaterThan(20_000);
      },
      { width },
    );
  });
});

test('what was replaced, by what, where and when', async () => {
  await look(pages.good, async (page) => {
    expect(await page.title()).toBe('probe r2: deployed');
    const group = page.locator('details', { has: page.locator('summary', { hasText: 'probe_web' }) });
    expect(await group.locator('.label').allTextContents()).toEqual([
      'probe_web.1',
      'probe_web.2',
      'probe_web.3',
    ]);
    // The third had no task before.
    expect(
      await group.locator('li').evaluateAll((rows) => rows.map((row) => row.querySelectorAll('.old').length)),
    ).toEqual([1, 1, 0]);
    expect(await group.locator('.value').allTextContents()).toEqual(
      Array(3).fill(expect.stringMatching(/^running on m\d$/)),
    );
    expect(await page.locator('.label').allTextContents()).toEqual(
      expect.arrayContaining(['ask the cluster', 'wait for convergence']),
    );
    expect(await page.locator('section', { hasText: 'Planned changes' }).textContent()).toContain('replicas');
    expect(await page.locator('section', { hasText: 'What runs with it' }).textContent()).toMatch(
      /probe_web3registry/,
    );
  });
});

test('why it failed, and that all was put back', async () => {
  await look(pages.failed, async (page) => {
    const why = await page.locator('.failure').textContent();
    expect(why).toContain('the <database> is gone');
    expect(why).toContain('What to do: ');
    expect(await page.locator('li', { hasText: 'wait for convergence' }).locator('.failed').count()).toBe(1);
    const web = page.locator('details', { has: page.locator('summary', { hasText: 'probe_web' }) });
    expect(
      await web
        .locator('li')
        .evaluateAll((rows) => rows.map((row) => row.querySelector('i:last-child')?.className)),
    ).toContain('old');
  });
});

test('it is read with the keyboard alone', async () => {
  await look(pages.good, async (page) => {
    const said = page.locator('details', { hasText: 'connect to the manager' }).last();
    expect(await said.getAttribute('open')).toBeNull();
    const focused = page.locator(':focus');
    const isThere = async () => /^\d+ lines$/.test((await focused.textContent({ timeout: 5_000 })) ?? '');
    await page.keyboard.press('Tab');
    for (let presses = 0; presses < 30 && !(await isThere()); presses++) await page.keyboard.press('Tab');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('Enter');
    expect(await said.getAttribute('open')).toBe('');
  });
});

interface Axe {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
  readonly passes: readonly { readonly id: string }[];
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

test.each([
  ['light', 'good'],
  ['dark', 'good'],
  ['light', 'failed'],
  ['dark', 'failed'],
] as const)('anybody can read it, contrast included: %s, %s', async (colorScheme, which) => {
  await look(
    pages[which],
    async (page) => {
      await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })");
      await page.evaluate(AXE);
      const { violations, passes } = await page.evaluate<Axe>('axe.run()');
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
        [],
      );
      expect(passes.map(({ id }) => id)).toContain('color-contrast');
    },
    { colorScheme },
  );
});

test('the picture for a pull request is one that a browser shows', async () => {
  const svg = await report('r2', 'good.svg');
  await look(
    `<img alt="" src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}">`,
    async (page) => {
      expect(await page.evaluate('document.images[0].naturalWidth')).toBe(880);
    },
  );
  expect(svg).toContain('probe r2: deployed');
});

test.each([
  ['another form', ['report', '--out', 'r.pdf'], 'end it with one of: .html, .svg'],
  ['no such release', ['report', 'r99'], 'there is no release r99'],
  ['no such folder', ['report', '--out', 'nowhere/r.html'], 'the report cannot be written'],
])('%s is refused', async (_what, argv, said) => {
  const { code, stderr } = await probe.run(argv);
  expect(stderr).toContain(said);
  expect(code).toBe(64);
});
