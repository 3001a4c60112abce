// What is pointed at, or has the focus: a marker shows and lights its quote, a word of the question the words that meet it;
// a marked word of a quote the words of the question. Only pointed at, or each would be a stop on the way of the keyboard.
(() => {
  'use strict';
  const { all, point } = window.isnad;
  const state = { over: null, focused: null, shown: null, later: 0 };
  const met = globalThis.Highlight && new Highlight(); // marks by ranges, which leave Arabic letters joined
  if (met) CSS.highlights.set('met', met);

  const quotes = (key, number) => all(`[data-key="${CSS.escape(key)}"] [data-quote^="${CSS.escape(number)} "]`);

  // The ranges of a quote between two offsets into its article; captions are no part of it.
  function ranges(quote, from, to) {
    const accept = (node) => (node.parentNode.closest('rt, rp, .cited') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const texts = document.createTreeWalker(quote, NodeFilter.SHOW_TEXT, accept);
    const found = [];
    let at = Number(quote.dataset.quote.split(' ')[1]);
    while (texts.nextNode()) {
      const characters = [...texts.currentNode.data]; // offsets count characters
      const units = (count) => characters.slice(0, count).join('').length;
      const [first, last] = [Math.max(from - at, 0), Math.min(to - at, characters.length)];
      if (first < last) {
        const range = new Range();
        range.setStart(texts.currentNode, units(first));
        range.setEnd(texts.currentNode, units(last));
        found.push(range);
      }
      at += characters.length;
    }
    return found;
  }

  // The words of the question that a marked word of a quote meets.
  function askedBy(mark) {
    const quote = mark.closest('[data-quote]');
    const [number] = quote.dataset.quote.split(' ');
    const key = CSS.escape(quote.closest('[data-key]').dataset.key);
    const meets = ([of, from, to]) => String(of) === number && ranges(quote, from, to).some((range) => range.intersectsNode(mark));
    return all(`.exchange[data-key="${key}"] .asked`).filter((word) => JSON.parse(word.dataset.meets).some(meets));
  }

  function light(target) {
    state.shown = target;
    met?.clear();
    for (const quote of all('.is-lit')) quote.classList.remove('is-lit');
    if (!target?.isConnected) return point(null);
    if (target.matches('mark')) return askedBy(target).forEach((word) => word.classList.add('is-lit'));
    const key = target.dataset.key ?? target.closest('[data-key]').dataset.key;
    const places = target.dataset.meets ? JSON.parse(target.dataset.meets) : [[target.dataset.number]];
    const inHand = document.querySelector(`.evidence[data-key="${CSS.escape(key)}"]:not([hidden]) .card.is-focused`);
    const numbers = places.map(([number]) => String(number));
    point(numbers.includes(inHand?.dataset.number) ? null : { key, number: numbers[0] });
    for (const [number, from, to] of places) for (const quote of quotes(key, String(number))) {
      if (from === undefined) quote.classList.add('is-lit');
      else for (const range of ranges(quote, from, to)) met?.add(range);
    }
  }

  const follow = () => {
    const target = state.over ?? state.focused;
    if (target !== state.shown) light(target);
  };
  const pointed = (event) => event.target.closest?.('.asked, .marker, [data-quote] mark') ?? null;

  document.addEventListener('mouseover', (event) => {
    state.over = pointed(event);
    clearTimeout(state.later);
    state.later = setTimeout(follow, 100); // passing over is not pointing at
  });
  document.addEventListener('focusin', (event) => [(state.focused = event.target.matches(':focus-visible') ? pointed(event) : null), follow()]);
  document.addEventListener('focusout', () => [(state.focused = null), follow()]);
})();
