// The conversations that this browser keeps (IndexedDB): several, named by their first question, renamed, searched,
// deleted, exported. Each belongs to whoever was signed in, and nobody else sees it; nothing of it stays on the server.
(() => {
  'use strict';
  const { find, keep, kept, reader, download } = window.isnad;
  const library = () => find('dialog.library');
  let base;

  function opened() {
    base ??= new Promise((done, failed) => {
      const asked = indexedDB.open('isnad', 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore('conversations', { keyPath: 'id' });
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
    return base;
  }

  async function stored(mode, act) {
    const store = (await opened()).transaction('conversations', mode).objectStore('conversations');
    return new Promise((done, failed) => {
      const asked = act(store);
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
  }

  const own = async () => (await stored('readonly', (store) => store.getAll()))
    .filter((each) => each.reader === reader())
    .sort((one, other) => other.at - one.at);

  async function put(text) {
    if (!library()) return; // not kept here, or not drawn yet
    if (!text) return keep('isnad-conversation-id', '');
    const id = kept('isnad-conversation-id') || `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    keep('isnad-conversation-id', id);
    const before = await stored('readonly', (store) => store.get(id));
    if (before?.text === text) return;
    const title = before?.title ?? JSON.parse(text)[0].question;
    await stored('readwrite', (store) => store.put({ id, reader: reader(), title, text, at: Date.now() }));
  }

  // ---- the list ----

  const made = (tag, className, text = '') =>
    Object.assign(document.createElement(tag), { className, textContent: text, dir: text ? 'auto' : '' });

  const words = ({ title, text }) =>
    [title, ...JSON.parse(text).flatMap(({ question, answer, citations }) => [
      question, answer?.plain_answer, ...citations.flatMap((cited) => [cited.quote, cited.title, cited.source]),
    ])].join('\n');

  async function draw() {
    const list = find('.library-list');
    const sought = find('.library-search').value.trim().toLowerCase();
    const found = (await own()).filter((each) => words(each).toLowerCase().includes(sought));
    list.replaceChildren(...found.map((each) => item(each, list.dataset)));
    find('.library-empty').hidden = found.length > 0;
  }

  function item(each, words) {
    const line = made('li', 'library-item');
    const open = made('button', 'library-open');
    Object.assign(open.dataset, { event: 'restore', kept: each.text });
    const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });
    open.append(made('span', 'library-title', each.title), made('span', 'library-when', when.format(each.at)));
    open.classList.toggle('is-current', each.id === kept('isnad-conversation-id'));
    open.addEventListener('click', () => {
      keep('isnad-conversation-id', each.id);
      library().close();
    });
    const rename = made('button', 'tool icon-edit wordless', words.rename);
    rename.addEventListener('click', () => renaming(each, line, words));
    const remove = made('button', 'tool icon-delete wordless', words.delete);
    remove.addEventListener('click', () => removing(each, remove, words));
    for (const button of [rename, remove]) button.title = button.textContent;
    for (const button of [open, rename, remove]) button.type = 'button';
    line.append(open, rename, remove);
    return line;
  }

  function renaming(each, line, words) {
    const field = Object.assign(made('input', 'library-name'), { dir: 'auto', value: each.title, ariaLabel: words.rename });
    line.replaceChildren(field);
    field.select();
    let given = true;
    field.addEventListener('keydown', (key) => {
      if (key.key === 'Escape') [given] = [false, key.preventDefault()];
      if (key.key === 'Enter' || key.key === 'Escape') field.blur();
    });
    field.addEventListener('blur', async () => {
      const title = field.value.trim();
      if (given && title) await stored('readwrite', (store) => store.put({ ...each, title }));
      await draw();
    });
  }

  async function removing(each, button, words) {
    if (!button.classList.contains('is-sure')) { // a second click is meant
      button.classList.add('is-sure');
      button.classList.remove('wordless');
      button.textContent = words.sure;
      return;
    }
    await stored('readwrite', (store) => store.delete(each.id));
    if (each.id === kept('isnad-conversation-id')) find('#isnad-clear').click();
    await draw();
  }

  const actions = {
    conversations: async () => {
      library().showModal();
      await draw();
    },
    'close-library': () => library().close(),
    'export-conversations': async () => {
      const given = (await own()).map(({ title, text, at }) => ({ title, at, exchanges: JSON.parse(text) }));
      download('isnad-conversations.json', JSON.stringify(given, null, 1), 'application/json');
    },
  };
  document.addEventListener('click', (click) => {
    if (click.target.matches?.('dialog.library')) click.target.close();
    actions[click.target.closest?.('[data-action]')?.dataset.action]?.();
  });
  document.addEventListener('input', (input) => input.target.matches?.('.library-search') && draw());
  document.addEventListener('isnad-conversation', (event) => put(event.detail));
})();
