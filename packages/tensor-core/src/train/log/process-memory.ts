/** Memory of the process in bytes: resident now, and at most so far. */
export function processMemory(): { rssBytes: number; peakRssBytes: number } {
  const rssBytes = process.memoryUsage.rss();
  // Kilobytes on every platform. The two are counted apart: the peak may lag behind by some pages.
  return { rssBytes, peakRssBytes: Math.max(rssBytes, process.resourceUsage().maxRSS * 1024) };
}
