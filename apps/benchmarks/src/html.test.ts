import { describe, expect, it } from '@jest/globals';
import { escapeHtml, html, slug, trustedMarkup, webAddress } from './html.js';

describe('html', () => {
  it('escapes every interpolated text, in content and in attributes', () => {
    const text = `<script>alert("1")</script> & 'x'`;
    const { markup } = html`<p title="${text}">${text}</p>`;
    expect(markup).not.toContain('<script>');
    expect(markup).toBe(
      `<p title="${escapeHtml(text)}">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;</p>`,
    );
  });

  it('keeps markup, joins lists and drops what is not there', () => {
    expect(html`${[html`<b>a</b>`, 'a<b', 1]}${null}${undefined}${false}`.markup).toBe('<b>a</b>a&lt;b1');
    expect(html`${trustedMarkup('<i/>')}${0}`.markup).toBe('<i/>0');
  });
});

describe('slug', () => {
  it.each([
    ['Test accuracy (%)', 'test-accuracy'],
    ['../../etc/passwd', 'etc-passwd'],
    ['Café "x" onload=1', 'cafe-x-onload-1'],
    ['***', 'item'],
  ])('makes an anchor and a file name of %j', (text, wanted) => {
    expect(slug(text)).toBe(wanted);
  });
});

describe('webAddress', () => {
  it('lets only http and https through', () => {
    expect(webAddress('https://example.org/a b')).toBe('https://example.org/a%20b');
    for (const address of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc', 'no address', '', undefined]) {
      expect(webAddress(address)).toBeUndefined();
    }
  });
});
