import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { standardResult } from './fixtures.js';
import { openSite, PAGES, type Site } from './site.js';

const PAPER = 'example/index.html';
const PHONE = 360;

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

describe('access', () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

  /** Rules that are broken, as axe names and rates them. */
  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    await page.evaluate(axe);
    return page.evaluate(async () => {
      const { axe } = window as unknown as {
        axe: {
          run(): Promise<{
            violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
          }>;
        };
      };
      const found = await axe.run();
      return found.violations.map(
        ({ id, impact, nodes }) =>
          `${impact}: ${id} × ${nodes.length}, ${nodes[0]?.html.slice(0, 160)} ${nodes[0]?.failureSummary.slice(0, 200)}`,
      );
    });
  }

  it.each(
    PAGES.flatMap(([path]) => [false, true].flatMap((dark) => [1280, PHONE].map((width) => ({ path, dark, width })))),
  )('$path has no serious fault, dark $dark, at $width px', async ({ path, dark, width }) => {
    const { page } = await site.open(path, { dark, width });
    const found = await violations(page);
    expect(found.filter((each) => /^(serious|critical)/.test(each))).toEqual([]);
    await page.close();
  });

  it('starts with a way past the header, and shows where the focus is', async () => {
    const { page } = await site.open(PAPER);
    await page.keyboard.press('Tab');
    const skip = page.locator('.skip');
    expect(await skip.evaluate((link) => link === document.activeElement)).toBe(true);
    const box = await skip.boundingBox();
    expect(box!.x).toBeGreaterThanOrEqual(0);
    expect(await skip.evaluate((link) => getComputedStyle(link).outlineStyle)).toBe('solid');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    await page.close();
  });

  it('lets the keyboard into every box that scrolls, and names it', async () => {
    const { page } = await site.open(PAPER, { width: PHONE });
    const locked = await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
      return [...document.querySelectorAll<HTMLElement>('main *')]
        .filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowX))
        .filter((element) => element.scrollWidth > element.clientWidth)
        .filter((element) => element.tabIndex < 0 || !element.getAttribute('aria-label'))
        .map((element) => element.outerHTML.slice(0, 100));
    });
    expect(locked).toEqual([]);
    await page.close();
  });
});

describe('ways through a page', () => {
  it.each([1280, PHONE])(
    'keeps the links to the sections in sight at %d px, in one line, above what they lead to',
    async (width) => {
      const { page } = await site.open(PAPER, { width });
      await page.locator('nav.on-page a[href="#figures"]').click();
      const found = await page.evaluate(() => {
        const box = (selector: string) => document.querySelector(selector)!.getBoundingClientRect();
        return { scrolled: scrollY, nav: box('nav.on-page'), heading: box('#figures h2') };
      });
      expect(found.scrolled).toBeGreaterThan(300);
      expect(found.nav.top).toBe(0);
      expect(found.nav.height).toBeLessThan(70);
      expect(found.heading.top).toBeGreaterThanOrEqual(found.nav.bottom);
      await page.close();
    },
  );

  it('shades the edge of a box behind which there is more, and that edge only', async () => {
    const { page } = await site.open(PAPER, { width: PHONE });
    const box = page.locator('#values .scroll').first();
    await box.scrollIntoViewIfNeeded();
    /** The colours at the left and the right edge of the row of headings, drawn by the browser. */
    const edges = async () => {
      const { x, y, width } = (await box.boundingBox())!;
      const pictures = [x + 1, x + width - 2].map((left) =>
        page.screenshot({ clip: { x: left, y: y + 2, width: 1, height: 1 } }),
      );
      return (await Promise.all(pictures)).map((picture) => picture.toString('base64'));
    };
    const [plain, shaded] = await edges();
    expect(shaded).not.toBe(plain);
    await box.evaluate((element) => {
      element.scrollLeft = element.scrollWidth;
    });
    const [left, right] = await edges();
    expect(left).not.toBe(plain);
    expect(right).toBe(plain);
    await page.close();
  });
});

describe('budget', () => {
  it('keeps a paper page below 2 MB without the images of its galleries', () => {
    const html = readFileSync(join(site.folder, PAPER), 'utf8');
    const images = [...html.matchAll(/data:image\/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/=]+/g)];
    const size = Buffer.byteLength(html) - images.reduce((sum, [image]) => sum + image.length, 0);
    console.info(`paper page: ${statSync(join(site.folder, PAPER)).size} bytes, ${size} without images`);
    expect(size).toBeLessThan(2e6);
  });

  it('can be used within a second', async () => {
    const { page } = await site.open(PAPER);
    const times = await page.evaluate(async () => {
      const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
      const painted = await new Promise<number>((resolve) => {
        const observer = new PerformanceObserver((list) => {
          for (const { name, startTime } of list.getEntries()) {
            if (name === 'first-contentful-paint') resolve(startTime);
          }
        });
        observer.observe({ type: 'paint', buffered: true });
      });
      return { interactive: navigation!.domContentLoadedEventEnd, painted };
    });
    console.info(
      `paper page: interactive after ${times.interactive.toFixed(0)} ms, painted after ${times.painted.toFixed(0)} ms`,
    );
    // The aim is 1 s; a machine that does other work at the same time gets five.
    for (const time of [times.interactive, times.painted]) {
      expect(time).toBeGreaterThan(0);
      expect(time).toBeLessThan(5000);
    }
    await page.close();
  });
});

describe('script', () => {
  it('is not needed to read, to link and to download', async () => {
    const { page } = await site.open(PAPER, { script: false });
    expect(await page.locator('button').count()).toBe(0);
    expect(await page.locator('main').textContent()).toContain(standardResult().command);
    expect(await page.locator('.chart svg.wide').first().isVisible()).toBe(true);
    const figures = standardResult().figures.length;
    expect(await page.locator('#figures a[data-format=json]').count()).toBe(figures);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('#figure-test-accuracy a[data-format=json]').click(),
    ]);
    expect(file.suggestedFilename()).toBe('test-accuracy.json');
    expect(JSON.parse(readFileSync(await file.path(), 'utf8'))).toEqual(standardResult().figures[0]);
    await page.close();
  });

  it.each(['differences', 'dark-knowledge'])(
    'draws %s as PNG, twice the size of its SVG, without the network',
    async (id) => {
      const { page, trouble } = await site.open(PAPER);
      const figure = page.locator(`#figure-${id}`);
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        figure.getByRole('button', { name: 'as PNG' }).click(),
      ]);
      expect(file.suggestedFilename()).toBe(`${id}.png`);
      const png = readFileSync(await file.path());
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      const svg = decodeURIComponent((await figure.locator('a[data-format=svg]').getAttribute('href'))!.split(',')[1]!);
      expect(png.readUInt32BE(16)).toBe(2 * Number(/width="(\d+)"/.exec(svg)![1]));
      expect(trouble.network.filter((address) => !address.startsWith('blob:'))).toEqual([]);
      await page.close();
    },
  );

  it('copies the command and the BibTeX entry', async () => {
    const { page } = await site.open(PAPER);
    await page.evaluate(() => {
      const copied: string[] = [];
      Object.assign(window, { copied });
      Object.defineProperty(navigator, 'clipboard', {
        value: { writeText: async (text: string) => void copied.push(text) },
      });
    });
    await page.locator('#reproduce button').first().click();
    await page.locator('#cite button').click();
    await page.locator('#cite button').getByText('Copied').waitFor();
    const copied = await page.evaluate(() => (window as unknown as { copied: string[] }).copied);
    expect(copied[0]).toBe(standardResult().command);
    expect(copied[1]).toMatch(/^@article\{author2018example,\n {2}title/);
    await page.close();
  });

  it('switches the theme, against that of the system too, and remembers it', async () => {
    const { page } = await site.open('index.html', { dark: true });
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const [dark] = [await background()];
    const toggle = page.locator('button.theme');
    await toggle.click();
    expect(await toggle.textContent()).toBe('Theme: dark');
    expect(await background()).toBe(dark);
    await toggle.click();
    expect(await toggle.textContent()).toBe('Theme: light');
    expect(await background()).not.toBe(dark);
    await page.reload();
    expect(await toggle.textContent()).toBe('Theme: light');
    expect(await background()).not.toBe(dark);
    await page.close();
  });
});

describe('print', () => {
  it('has no controls, nothing that is cut off, and the rules of the verdicts unfolded', async () => {
    // The width of A4 within the margins.
    const { page } = await site.open(PAPER, { width: 688, dark: true });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const found = await page.evaluate(() => ({
      controls: [...document.querySelectorAll<HTMLElement>('button, .downloads, nav, .skip, .anchor')].filter(
        (element) => element.getBoundingClientRect().height > 0,
      ).length,
      cut: [...document.querySelectorAll<HTMLElement>('main *')]
        .filter(({ clientWidth, scrollWidth }) => clientWidth > 1 && scrollWidth > clientWidth + 1)
        .filter((element) => !element.closest('.katex, .hidden, svg'))
        .map((element) => `${element.tagName}.${element.className} ${element.scrollWidth} > ${element.clientWidth}`),
      page: [document.documentElement.scrollWidth, document.documentElement.clientWidth],
      scrolling: [...document.querySelectorAll<HTMLElement>('main *')]
        .filter((element) => element.checkVisibility() && /auto|scroll/.test(getComputedStyle(element).overflowX))
        .map(({ tagName, className }) => `${tagName}.${className}`),
      // A folded text has a size too.
      rules: [...document.querySelectorAll<HTMLElement>('#claims details p')].filter((text) => text.checkVisibility())
        .length,
      background: getComputedStyle(document.body).backgroundColor,
    }));
    expect(found.controls).toBe(0);
    expect(found.cut).toEqual([]);
    expect(found.scrolling).toEqual([]);
    expect(found.page[0]).toBe(found.page[1]);
    expect(found.rules).toBeGreaterThanOrEqual(standardResult().claims.length);
    expect(found.background).toBe('rgb(253, 253, 251)');
    await page.close();
  });
});
