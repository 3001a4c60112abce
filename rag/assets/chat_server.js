// The server away or refusing: the page's own notice wherever something was clicked, nothing typed is lost, and what was
// asked is asked again once it is back (Gradio then loads the page anew, and so do we).
(() => {
  'use strict';
  const { find, keep, kept, notice } = window.isnad;
  const plain = window.fetch.bind(window);
  const state = { away: false, tried: '', asked: '', later: null };
  const field = () => find('#isnad-question textarea');

  window.fetch = async (...given) => {
    const acts = (given[1]?.method ?? given[0]?.method) === 'POST';
    if (!acts) return plain(...given);
    try {
      const answer = await plain(...given);
      if (!answer.ok) answer.status >= 502 ? lost() : notice('refused');
      return answer;
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      lost();
      throw error;
    }
  };

  const alive = () => plain('livez', { cache: 'no-store' }).then((answer) => answer.status < 500, () => false);

  async function lost() {
    if (state.away) return;
    if (await alive()) return notice('refused');
    state.away = true;
    notice('away');
    while (!(await alive())) await new Promise((wait) => setTimeout(wait, 2000));
    location.reload();
  }

  addEventListener('pagehide', () => {
    if (!state.away) return;
    const running = find('#isnad-current .reply[aria-busy=true]')?.closest('.exchange');
    keep('isnad-again', running ? find('.question [dir]', running).textContent : state.tried);
    if (!running && state.tried) keep('isnad-draft', '');
  });

  // Gradio sends nothing while it thinks the line is down, so that what was sent is noted here.
  document.addEventListener('keydown', (key) => {
    if (key.key === 'Enter' && !key.shiftKey && key.target === field()) state.tried = key.target.value;
  }, true);
  document.addEventListener('click', (click) => {
    if (click.target.closest?.('#isnad-question .submit-button')) state.tried = field().value;
  }, true);

  function fill(text) {
    const area = field();
    area.value = text;
    area.dispatchEvent(new Event('input', { bubbles: true }));
    return area;
  }

  // Asked as if it were typed; what stood in the field comes back once the question has gone.
  async function ask(text) {
    state.later = field().value === text ? '' : field().value; // what a reload brought back is asked here
    state.asked = text;
    fill(text);
    for (let tries = 0; tries < 50; tries++) {
      await new Promise((wait) => setTimeout(wait, 100));
      const send = find('#isnad-question .submit-button');
      if (send && !send.disabled) return send.click();
    }
  }

  document.addEventListener('isnad-ready', () => {
    const again = kept('isnad-again');
    keep('isnad-again', '');
    if (again) ask(again);
  });
  document.addEventListener('isnad-exchange', () => {
    const { later, asked } = state;
    Object.assign(state, { later: null, asked: '', tried: '' });
    if (!asked) return;
    setTimeout(() => { // by then the page has emptied the field, but for a draft that came back meanwhile
      if (field().value === asked) fill('');
      if (later) field().value || fill(later);
    }, 300);
  });
  document.addEventListener('isnad-lost', lost);
  Object.assign(window.isnad, { ask, fill });
})();
