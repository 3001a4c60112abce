// What the chat page does by itself: markers, the evidence sheet, the article's dialog, copying, theme and counter.
// Everything drawn comes escaped from the server; nothing here writes markup.
(() => {
  'use strict';
  const root = document.documentElement;
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const small = () => matchMedia('(max-width: 860px)').matches;
  const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
  const motion = () => (calm() ? 'auto' : 'smooth');
  const state = { latest: null, shown: null, number: null, pointed: null, opening: null, returnTo: null };

  // ---- drawing follows the server: Gradio replaces parts of the page, and this sets right what it undid ----

  function follow() {
    const brand = find('.brand');
    if (brand) {
      root.lang = brand.dataset.language;
      root.dir = brand.dataset.direction;
      root.classList.add('isnad-ready');
    }
    const sources = find('#isnad-sources input');
    if (sources) sources.placeholder = find('.all-sources')?.textContent ?? ''; // Gradio's field has none
    followDraft();
    followConversation();
    followEvidence();
    followExchange();
    openReader();
    placeTranslation();
    document.dispatchEvent(new Event('isnad-drawn'));
  }

  // The tab keeps the conversation and what is typed, so that a reload or a restart of the server loses nothing; for
  // the reader who is signed in, and nobody who signs in after.
  const reader = () => find('[data-action=sign-out]')?.dataset.reader ?? '';
  const keep = (name, text) => stored(name, text && `${reader()}\n${text}`, 'sessionStorage');
  const kept = (name) => {
    const [of, ...lines] = (stored(name, undefined, 'sessionStorage') ?? '').split('\n');
    return of === reader() ? lines.join('\n') : '';
  };

  let conversation;
  function followConversation() {
    const text = find('.kept')?.dataset.kept;
    if (text === undefined || text === conversation) return;
    conversation = text;
    keep('isnad-conversation', text);
    document.dispatchEvent(new CustomEvent('isnad-conversation', { detail: text }));
  }

  let drafted = false;
  function followDraft() {
    const area = find('#isnad-question textarea');
    if (drafted || !area || !find('[data-action=theme]')) return;
    drafted = true;
    const draft = kept('isnad-draft');
    if (draft && !area.value) window.isnad.fill(draft);
    document.dispatchEvent(new Event('isnad-ready'));
  }

  function followEvidence() {
    const sections = all('.evidence');
    const last = sections.at(-1)?.dataset.key ?? null;
    if (last !== state.latest) Object.assign(state, { latest: last, shown: last, number: null });
    const first = find(`.evidence[data-key="${CSS.escape(state.shown ?? '')}"]:not(.nearest) .card`);
    state.number ??= first?.dataset.number ?? null; // one quote is in hand, within its article
    const hand = state.pointed ?? { key: state.shown, number: state.number };
    for (const section of sections) section.hidden = section.dataset.key !== hand.key;
    for (const card of all('.card')) {
      const key = card.closest('.evidence').dataset.key;
      card.classList.toggle('is-focused', key === hand.key && card.dataset.number === hand.number);
    }
    for (const marker of all('.marker')) {
      const here = marker.dataset.key === hand.key && marker.dataset.number === hand.number;
      marker.classList.toggle('is-focused', here);
    }
  }

  // Shown as long as it is pointed at, while another quote stays in hand.
  function point(at) {
    state.pointed = at;
    followEvidence();
  }

  let exchange = null;
  function followExchange() {
    const current = find('#isnad-current .exchange');
    const key = current?.dataset.key ?? null;
    if (key === exchange) return;
    exchange = key;
    notice('');
    document.dispatchEvent(new Event('isnad-exchange'));
    const counter = find('.counter');
    if (counter) counter.hidden = true; // the field is empty again
    current?.scrollIntoView({ block: 'start', behavior: motion() });
  }

  // ---- evidence ----

  function showEvidence(key, number) {
    Object.assign(state, { shown: key, number: number ?? null });
    followEvidence();
    if (small()) root.classList.add('sheet-open');
    const card = state.number && find(`.evidence[data-key="${CSS.escape(key)}"] .card[data-number="${CSS.escape(state.number)}"]`);
    (card || find('.close-evidence'))?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: 'nearest', behavior: motion() });
  }

  function closeEvidence() {
    if (!root.classList.contains('sheet-open')) return;
    root.classList.remove('sheet-open');
    state.returnTo?.focus({ preventScroll: true });
  }

  // ---- the article ----

  function openReader() {
    const reader = find('dialog.reader');
    if (!reader || state.opening === null || reader.dataset.opened !== state.opening) return;
    state.opening = null;
    if (!reader.open) reader.showModal();
    find('.quoted-span', reader)?.scrollIntoView({ block: 'center' });
  }

  function placeTranslation() {
    if (find('#isnad-notice .problem')) for (const waiting of all('#isnad-cards [aria-busy]')) {
      waiting.disabled = false; // what is drawn again as it was is not drawn anew
      waiting.removeAttribute('aria-busy');
    }
    const arrived = find('.arrived');
    const slot = arrived && find(`dialog.reader [data-slot="${CSS.escape(arrived.dataset.arrived)}"]`);
    if (!slot || slot.classList.contains('is-filled')) return;
    slot.classList.add('is-filled');
    slot.replaceChildren(...[...arrived.children].map((child) => child.cloneNode(true)));
  }

  // ---- signing out ----

  async function signOut() {
    try {
      await fetch('sign-out', { method: 'POST' });
      for (const name of ['isnad-conversation', 'isnad-conversation-id', 'isnad-draft']) keep(name, '');
      drafted = false; // and what is in the field is not kept either
      location.assign('sign-in');
    } catch {
      notice('away');
    }
  }

  // ---- copying, theme, counter ----

  const copy = (button) => copied(button, button.dataset.copy);

  // Puts text on the clipboard where it is not there yet, and says that it did.
  async function copied(button, text) {
    if (text !== undefined) try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = Object.assign(document.createElement('textarea'), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand('copy'); // pages served without TLS have no clipboard but this one
      area.remove();
      button.focus();
    }
    if (button.classList.contains('icon-done')) return;
    const words = button.textContent;
    button.textContent = button.dataset.done;
    button.classList.add('icon-done');
    setTimeout(() => {
      button.textContent = words;
      button.classList.remove('icon-done');
    }, 1500);
  }

  function setTheme(dark) {
    document.body.classList.toggle('dark', dark);
  }

  function stored(name, value, store = 'localStorage') {
    try {
      if (value !== undefined) window[store].setItem(name, value);
      return window[store].getItem(name);
    } catch {
      return null; // storage may be forbidden or full: what was to be kept then lasts as long as the page
    }
  }

  function count(area) {
    const counter = find('.counter');
    if (!counter) return;
    const limit = Number(counter.dataset.limit);
    const length = [...area.value.trim()].length;
    counter.hidden = length < limit * 0.8;
    counter.classList.toggle('is-over', length > limit);
    counter.textContent = counter.dataset.words.replace('{length}', length).replace('{limit}', limit);
  }

  // Above all else, dialogs too: away, refused, or nothing.
  function notice(kind) {
    for (const told of all('.lost')) {
      told.hidden = told.dataset.kind !== kind;
      if (!told.hidden && !told.matches(':popover-open')) told.showPopover?.();
    }
  }

  function download(name, text, type) {
    const link = Object.assign(document.createElement('a'), { download: name });
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.click();
    URL.revokeObjectURL(link.href);
  }

  function edit(text) {
    window.isnad.fill(text).focus();
  }

  // ---- events ----

  const actions = {
    'sign-out': signOut,
    marker: (button) => showEvidence(button.dataset.key, button.dataset.number),
    'show-evidence': (button) => showEvidence(button.dataset.key),
    'close-evidence': closeEvidence,
    'close-reader': (button) => button.closest('dialog').close(),
    'close-notice': () => notice(''),
    edit: (button) => edit(button.dataset.text),
    copy,
    theme: () => {
      const dark = !document.body.classList.contains('dark');
      setTheme(dark);
      stored('isnad-theme', dark ? 'dark' : 'light');
    },
  };

  document.addEventListener('click', (click) => {
    if (click.target.matches?.('dialog.reader')) click.target.close(); // the backdrop belongs to the dialog
    const fold = click.target.closest?.('#isnad-filters > button');
    if (fold) requestAnimationFrame(() => fold.setAttribute('aria-expanded', fold.classList.contains('open')));
    const button = click.target.closest?.('[data-action], [data-event]');
    if (!button) return;
    if (button.dataset.action === 'marker' || button.dataset.action === 'show-evidence') state.returnTo = button;
    actions[button.dataset.action]?.(button);
    if (button.dataset.event === 'translate') {
      button.setAttribute('aria-busy', 'true');
      requestAnimationFrame(() => (button.disabled = true)); // after the event has gone to the server
    }
    if (button.dataset.event === 'open') {
      state.opening = `${button.dataset.key} ${button.dataset.number}`;
      openReader(); // opened before: it is still there and nothing new will arrive
    }
  });

  document.addEventListener('keydown', (key) => {
    if (key.key === 'Escape' && !find('dialog[open]')) closeEvidence();
  });

  document.addEventListener('input', (input) => {
    if (input.target.matches?.('#isnad-question textarea')) count(input.target);
  });

  addEventListener('pagehide', () => drafted && keep('isnad-draft', find('#isnad-question textarea')?.value ?? ''));

  const names = ['data-language', 'data-direction', 'data-opened', 'data-key', 'data-number', 'data-kept', 'data-arrived'];
  function begin() {
    const theme = stored('isnad-theme');
    if (theme) setTheme(theme === 'dark');
    new MutationObserver(follow).observe(document.body, { childList: true, subtree: true, attributeFilter: names });
    setTimeout(() => root.classList.add('isnad-ready'), 10000); // shown in any case, even where loading failed
    follow();
  }

  window.isnad = { find, all, point, keep, kept, stored, reader, notice, download, copied };
  if (document.body) begin();
  else document.addEventListener('DOMContentLoaded', begin);
})();
