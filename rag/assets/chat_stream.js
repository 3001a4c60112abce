// Gradio hears of its questions over one stream, which the server closes when none is left. A question that is sent while
// that closing is on its way would be waited for on a stream that has ended, for ever: so Gradio is told that it was sent
// only once the stream speaks of it or Gradio has left it, after which it opens another. Leaving a stream, as a reload of
// the page does, is no error.
(() => {
  'use strict';
  const plain = window.fetch.bind(window);
  const EVENT = /"event_id":"(\w+)"/g;
  let stream = { ended: true };

  async function opened(request) {
    const own = (stream = { ended: false, heard: new Set(), waiting: [] });
    const look = () => own.waiting.forEach((each) => each());
    const end = () => { own.ended = true; look(); };
    const text = new TextDecoder();
    const { readable, writable } = new TransformStream({
      transform(chunk, out) {
        out.enqueue(chunk);
        for (const [, event] of text.decode(chunk, { stream: true }).matchAll(EVENT)) own.heard.add(event);
        look();
      },
      flush: end,
    });
    request.signal.addEventListener('abort', end);
    const left = (error) => (request.signal.aborted ? writable.close() : writable.abort(error)).catch(() => {});
    try {
      const answer = await plain(request);
      answer.body.pipeTo(writable, { preventAbort: true }).catch(left);
      return new Response(readable, answer);
    } catch (error) {
      end();
      if (!request.signal.aborted) throw error;
      return new Response();
    }
  }

  async function sent(...given) {
    const answer = await plain(...given);
    const { event_id: event } = await answer.clone().json().catch(() => ({}));
    const own = stream;
    if (event) {
      await new Promise((known) => {
        const look = () => (own.ended || own.heard.has(event)) && known();
        own.waiting?.push(look);
        look();
      });
    }
    return answer;
  }

  window.fetch = (...given) => {
    const address = String(given[0].url ?? given[0]);
    if (address.includes('/queue/data')) return opened(...given);
    return address.includes('/queue/join') ? sent(...given) : plain(...given);
  };
})();
