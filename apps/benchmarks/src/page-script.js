// Runs in the page. It adds what needs a script (theme, copying, PNG); everything else is there without it.
(() => {
  const THEMES = { auto: 'screen and (prefers-color-scheme: dark)', light: 'not all', dark: 'screen' };
  const NEXT = { auto: 'dark', dark: 'light', light: 'auto' };

  function storedTheme() {
    try {
      return localStorage.getItem('theme');
    } catch {
      // A browser may forbid storage to files.
      return null;
    }
  }

  function setTheme(theme) {
    document.getElementById('dark').media = THEMES[theme];
    try {
      localStorage.setItem('theme', theme);
    } catch {}
  }

  // Before anything is drawn, so that a dark page does not flash.
  let theme = storedTheme() in THEMES ? storedTheme() : 'auto';
  if (theme !== 'auto') setTheme(theme);

  function button(text, label, action) {
    const made = document.createElement('button');
    made.type = 'button';
    made.textContent = text;
    if (label) made.setAttribute('aria-label', label);
    made.addEventListener('click', () => action(made));
    return made;
  }

  function say(made, text) {
    const before = made.dataset.text ?? made.textContent;
    made.dataset.text = before;
    made.textContent = text;
    setTimeout(() => {
      made.textContent = before;
    }, 1500);
  }

  async function copy(box, made) {
    const code = box.querySelector('code');
    try {
      await navigator.clipboard.writeText(code.textContent);
      say(made, 'Copied');
    } catch {
      // Without permission the text is selected, ready for the keyboard.
      getSelection().selectAllChildren(code);
      say(made, 'Selected');
    }
  }

  /** Draws the SVG of a download link at twice its size and hands it over as PNG. */
  function savePng(link, made) {
    const image = new Image();
    image.onerror = () => say(made, 'Failed');
    image.onload = () => {
      const canvas = document.createElement('canvas');
      canvas.width = image.width * 2;
      canvas.height = image.height * 2;
      canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => {
        const target = document.createElement('a');
        target.href = URL.createObjectURL(blob);
        target.download = link.download.replace(/svg$/, 'png');
        target.click();
        setTimeout(() => URL.revokeObjectURL(target.href), 10000);
      }, 'image/png');
    };
    image.src = link.href;
  }

  document.addEventListener('DOMContentLoaded', () => {
    const themeText = () => `Theme: ${theme}`;
    const toggle = button(themeText(), '', () => {
      theme = NEXT[theme];
      setTheme(theme);
      toggle.textContent = themeText();
    });
    toggle.className = 'theme';
    document.querySelector('.top').append(toggle);

    for (const box of document.querySelectorAll('[data-copy]')) {
      box.prepend(button('Copy', `Copy: ${box.dataset.copy}`, (made) => copy(box, made)));
    }
    for (const link of document.querySelectorAll('a[data-format="svg"]')) {
      const label = link.getAttribute('aria-label').replace(/SVG$/, 'PNG');
      link.after(
        ' ',
        button('PNG', label, (made) => savePng(link, made)),
      );
    }
  });
})();
