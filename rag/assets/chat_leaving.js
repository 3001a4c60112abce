// What leaves the page: an answer as Markdown or with its formatting, links, and a conversation on paper or as a file.
// All of it is made of the sheet that the server drew; and a link that was followed is opened here.
(() => {
  'use strict';
  const { find, all, copied, download, ask } = window.isnad;
  const markup = (node) => new XMLSerializer().serializeToString(node);
  const section = (button) => find(`.sheet [data-key="${CSS.escape(button.dataset.key)}"]`);
  const here = (rest) => `${location.origin}${location.pathname}${rest}`;
  const wrapped = {
    H1: (text) => `# ${text}\n\n`,
    H2: (text) => `## ${text}\n\n`,
    P: (text) => `${text}\n\n`,
    BLOCKQUOTE: (text) => `${text.replace(/^/gm, '> ')}\n\n`,
    STRONG: (text) => `**${text}**`,
    A: (text, link) => `<${link.href}>`,
  };

  function markdown(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/[\\`*_[\]<>]/g, '\\$&');
    const text = [...node.childNodes].map(markdown).join('');
    return wrapped[node.tagName]?.(text.trim(), node) ?? text;
  }

  async function copyFormatted(button) {
    const part = section(button);
    const made = { 'text/html': markup(part), 'text/plain': part.textContent };
    try {
      const blobs = Object.entries(made).map(([type, text]) => [type, new Blob([text], { type })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
      copied(button);
    } catch {
      copied(button, made['text/plain']); // no such clipboard without TLS
    }
  }

  function save() {
    const sheet = find('.sheet');
    const head = `<!doctype html><meta charset="utf-8"><title>${markup(document.createTextNode(document.title))}</title>`;
    download('isnad.html', `${head}${markup(sheet)}`, 'text/html');
  }

  const actions = {
    'copy-markdown': (button) => copied(button, markdown(section(button)).trim()),
    'copy-formatted': copyFormatted,
    'copy-link': (button) => copied(button, here(button.dataset.link)),
    print: () => print(),
    save,
  };

  document.addEventListener('click', (click) => {
    const button = click.target.closest?.('[data-action]');
    actions[button?.dataset.action]?.(button);
    for (const menu of all('details.menu[open]')) if (!menu.contains(click.target)) menu.open = false;
  });
  document.addEventListener('keydown', (key) => {
    const menu = key.key === 'Escape' && find('details.menu[open]');
    if (menu) [menu.open] = [false, find('summary', menu).focus()];
  });

  // ---- a link followed to here: /?q=… asks, #article=…&at=… opens an article at a quote ----

  function openLinked() {
    const named = new URLSearchParams(location.hash.slice(1));
    const [start, end] = (named.get('at') ?? '').split('-');
    if (!named.get('article')) return;
    const button = Object.assign(document.createElement('button'), { hidden: true });
    Object.assign(button.dataset, { event: 'open', key: 'link', number: named.get('article'), start, end });
    find('#isnad-cards .evidence-head').append(button);
    button.click();
    button.remove();
    history.replaceState(null, '', here(location.search));
  }

  addEventListener('hashchange', openLinked);
  document.addEventListener('isnad-ready', () => {
    openLinked();
    const question = new URLSearchParams(location.search).get('q');
    if (!question) return;
    history.replaceState(null, '', here('')); // or a reload would ask once more
    ask(question);
  });
})();
