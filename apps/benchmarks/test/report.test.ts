import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSite, PAGES, type Site } from './site.js';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

describe.each(PAGES)('%s in Chromium', (path, drawings) => {
  it('opens from disk without errors and without the network', async () => {
    const { page, trouble } = await site.open(path);
    expect(trouble).toEqual({ console: [], failed: [], network: [] });
    expect(await page.locator('script[src], link[rel=stylesheet]').count()).toBe(0);
    await page.close();
  });

  it.each([1280, 375])('draws every chart with marks at %d px', async (width) => {
    const { page } = await site.open(path, { width });
    const charts = await page.evaluate(() =>
      [...document.querySelectorAll<SVGSVGElement>('.chart, svg.strip')].map((element) => {
        const drawings = element.matches('svg')
          ? [element]
          : [...element.querySelectorAll<SVGSVGElement>('svg')].filter((svg) => svg.getBoundingClientRect().width > 0);
        const svg = drawings[0];
        const marks = [...(svg?.querySelectorAll<SVGGraphicsElement>('path, circle, rect, line') ?? [])].filter(
          (mark) => {
            const style = getComputedStyle(mark);
            const box = mark.getBBox();
            return (box.width > 0 || box.height > 0) && (style.fill !== 'none' || style.stroke !== 'none');
          },
        );
        const box = svg?.getBoundingClientRect();
        const text = [...(svg?.querySelectorAll('text') ?? [])].map((label) =>
          Number.parseFloat(getComputedStyle(label).fontSize),
        );
        const scaled = svg && box ? box.width / (svg.viewBox.baseVal?.width || box.width) : 0;
        return {
          name: svg?.getAttribute('aria-label') ?? svg?.querySelector('title')?.textContent ?? '',
          drawings: drawings.length,
          marks: marks.length,
          width: box?.width ?? 0,
          height: box?.height ?? 0,
          smallestText: Math.min(...text, Number.POSITIVE_INFINITY) * scaled,
        };
      }),
    );
    expect(charts.length).toBeGreaterThanOrEqual(drawings);
    for (const chart of charts) {
      expect(chart).toMatchObject({ drawings: 1, name: expect.stringMatching(/\S/) });
      expect(chart.marks).toBeGreaterThanOrEqual(3);
      expect(chart.width).toBeGreaterThan(80);
      expect(chart.height).toBeGreaterThan(20);
      expect(chart.smallestText).toBeGreaterThan(8);
    }
    await page.close();
  });

  it('has no link that leads nowhere', async () => {
    const { page } = await site.open(path);
    const links = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLAnchorElement>('a[href]:not([download])')].map(({ href }) => href),
    );
    expect(links.length).toBeGreaterThan(2);
    for (const link of links.filter((href) => href.startsWith('file:'))) {
      const [file = '', anchor] = link.split('#');
      expect(existsSync(fileURLToPath(file))).toBe(true);
      if (!anchor) continue;
      const target = await site.browser.newPage();
      await target.goto(file);
      expect(`${link} ${await target.locator(`[id="${anchor}"]`).count()}`).toBe(`${link} 1`);
      await target.close();
    }
    await page.close();
  });

  it.each([360, 768, 1280])('never scrolls sideways at %d px, tables scroll in their own box', async (width) => {
    const { page } = await site.open(path, { width });
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    const widths = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(widths[0]).toBe(widths[1]);
    await page.close();
  });

  it('changes its colours in the dark, text stays readable', async () => {
    const colours = async (dark: boolean) => {
      const { page } = await site.open(path, { dark });
      const found = await page.evaluate(() => {
        const { backgroundColor, color } = getComputedStyle(document.body);
        const mark = document.querySelector(
          '.chart path[fill^="var"], .chart path[stroke^="var"], svg.strip circle, svg.strip .bar, .mark',
        )!;
        const style = getComputedStyle(mark);
        return { backgroundColor, color, mark: style.fill + style.stroke + style.color };
      });
      await page.close();
      return found;
    };
    const [light, dark] = [await colours(false), await colours(true)];
    const brightness = (colour: string) =>
      (colour.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
    expect(brightness(light.backgroundColor)).toBeGreaterThan(brightness(light.color) + 400);
    expect(brightness(dark.backgroundColor)).toBeLessThan(brightness(dark.color) - 400);
    expect(dark.mark).not.toBe(light.mark);
  });

  it('says in words what it shows', async () => {
    const { page } = await site.open(path);
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll('img, [role="img"], [role="group"], nav, table.claims')]
        .filter((element) => {
          const by = element.getAttribute('aria-labelledby');
          const labelled = by?.split(' ').every((id) => document.getElementById(id)?.textContent?.trim());
          return !(element.getAttribute('alt') || element.getAttribute('aria-label') || labelled);
        })
        .map((element) => element.outerHTML.slice(0, 120)),
    );
    expect(nameless).toEqual([]);
    const images = await page.evaluate(() =>
      [...document.images].map(({ complete, naturalWidth }) => complete && naturalWidth),
    );
    expect(images.every((width) => typeof width === 'number' && width > 0)).toBe(true);
    const levels = await page.evaluate(() =>
      [...document.querySelectorAll('h1, h2, h3, h4')].map(({ tagName }) => Number(tagName[1])),
    );
    expect(levels[0]).toBe(1);
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    const ids = await page.evaluate(() => [...document.querySelectorAll('[id]')].map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    await page.close();
  });
});
