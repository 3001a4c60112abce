// The keyboard: its shortcuts and the card that lists them, and the focus, which a part that is drawn anew does not lose.
// Questions of many lines, too, which open by a button.
(() => {
  'use strict';
  const { find, all, fill, notice } = window.isnad;
  const field = () => find('#isnad-question textarea');
  const writes = (target) => target.closest?.('input:not([type=radio], [type=checkbox]), textarea, select');
  const asked = () => find('#isnad-current .question [dir]')?.textContent;

  // ---- shortcuts; a letter that no Latin layout has is known by where its key lies ----

  const pressed = ({ key, code, shiftKey }) => {
    if (/[^\x00-\x7f]/.test(key) && code === 'Slash') return shiftKey ? '?' : '/';
    return key;
  };

  function search() {
    const open = find('#isnad-theme [data-action=conversations]');
    if (!find('dialog[open]')) open?.click();
    setTimeout(() => find('dialog.library[open] .library-search')?.focus(), 50); // once it is drawn
  }

  function escape() {
    if (find('.lost:popover-open')) return notice('');
    if (find('details.menu[open], .sheet-open')) return; // closed by those who opened them
    find('#isnad-question .stop-button')?.click();
  }

  document.addEventListener('keydown', (key) => {
    if (key.isComposing || key.altKey || !field()) return;
    if (key.ctrlKey || key.metaKey) {
      if (key.code !== 'KeyK' && key.key.toLowerCase() !== 'k') return;
      key.preventDefault(); // or the browser's own field is gone to
      return search();
    }
    if (find('dialog[open]')) return;
    if (key.key === 'Escape' && (!writes(key.target) || key.target === field())) return escape();
    if (key.key === 'ArrowUp' && key.target === field() && !field().value && asked()) {
      key.preventDefault();
      return fill(asked());
    }
    const leads = key.key === '/' && key.target === field() && !field().value; // it has the focus already
    if ((writes(key.target) && !leads) || !'/?'.includes(pressed(key))) return;
    key.preventDefault();
    if (pressed(key) === '/') field().focus();
    else find('dialog.keys').showModal();
  });

  const actions = {
    keys: () => find('dialog.keys').showModal(),
    'close-keys': () => find('dialog.keys').close(),
    'whole-question': (button) => {
      button.previousElementSibling.classList.toggle('is-whole');
      measure();
    },
  };
  document.addEventListener('click', (click) => {
    if (click.target.matches?.('dialog.keys')) click.target.close();
    const button = click.target.closest?.('[data-action]');
    actions[button?.dataset.action]?.(button);
  });

  // ---- questions of many lines ----

  function measure() {
    for (const button of all('.whole-question')) {
      const question = button.previousElementSibling;
      const text = find('[dir]', question);
      const whole = question.classList.contains('is-whole');
      button.hidden = !whole && text.scrollHeight <= text.clientHeight + 2;
      button.ariaExpanded = String(whole);
      const words = whole ? button.dataset.less : button.dataset.more;
      if (button.textContent !== words) button.textContent = words;
    }
  }

  // ---- the focus goes to the same button as it is drawn anew; where there is none, to the field that asks on ----

  const marks = ['event', 'action', 'key', 'number', 'vote', 'reason', 'name', 'value'];
  let focused = null;

  function keepFocus() {
    if (!focused || focused.isConnected || document.activeElement !== document.body) return;
    const named = marks.filter((mark) => mark in focused.dataset);
    const same = named.map((mark) => `[data-${mark}="${CSS.escape(focused.dataset[mark])}"]`).join('');
    const drawn = same && all(same).find((each) => each.offsetParent);
    const touched = matchMedia('(pointer: coarse)').matches; // a keyboard would come up over the answer
    (drawn || (touched ? find('#isnad-current .question') : field()))?.focus({ preventScroll: true });
  }

  document.addEventListener('focusin', (focus) => (focused = focus.target));
  document.addEventListener('isnad-drawn', () => [measure(), keepFocus()]);
  addEventListener('resize', measure);
})();
