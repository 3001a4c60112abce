/* The Isnad widget: a chat in a shadow root, without dependencies, cookies or stored state.
   Text from articles and answers only ever becomes text nodes: nothing here parses HTML. */
(() => {
"use strict";
if (customElements.get("isnad-chat")) return;

const TEXTS = {
  en: {title:"Ask the articles",open:"Open the chat",close:"Close",fresh:"New conversation",greeting:"Ask a question. It is answered in the exact words of the articles.",placeholder:"Ask a question…",send:"Ask",stop:"Stop",working:"Reading the articles…",writing:"Writing an answer…",words:"Meanwhile, in the articles’ own words",you:"You asked",examples:"Example questions",short:"In short",sources:"Sources ({n})",source:"Source {n}",nearest:"The nearest passages ({n}). They are not an answer.",not_found:"No answer found",also:"Also said ({n})",related:"No sure answer",sure:"Sure",likely:"Likely",answers:"The words that answer",unsupported:"Not borne out by the articles",note:"Note",original:"Original page",translate:"Translate",translated:"Translated by {m}: not the article’s words",unsure:"Its numbers or names may not be those of the text.",stopped:"Stopped before the answer was complete.",wrong:"That did not work",offline:"The server cannot be reached.",origin:"This chat does not serve {origin}, or its embed id is wrong.",mixed:"This page is secure and the server is not. Serve Isnad over HTTPS.",quota:"Too many questions in a minute. Try again in {s} s.",busy:"The server is busy.",key:"This server needs a key or an embed id.",broken:"The answer broke off. Ask again.",other:"The answer could not be made. Ask again."},
  fr: {title:"Interroger les articles",open:"Ouvrir la discussion",close:"Fermer",fresh:"Nouvelle conversation",greeting:"Posez une question. La réponse est faite des mots exacts des articles.",placeholder:"Posez une question…",send:"Demander",stop:"Arrêter",working:"Lecture des articles…",writing:"Rédaction de la réponse…",words:"En attendant, les mots des articles",you:"Votre question",examples:"Exemples de questions",short:"En bref",sources:"Sources ({n})",source:"Source {n}",nearest:"Passages les plus proches ({n}), sans réponse.",not_found:"Aucune réponse trouvée",also:"Dit aussi ({n})",related:"Pas de réponse sûre",sure:"Sûr",likely:"Probable",answers:"Les mots qui répondent",unsupported:"Non confirmé par les articles",note:"Remarque",original:"Page d’origine",translate:"Traduire",translated:"Traduit par {m} : ce ne sont pas les mots de l’article",unsure:"Ses nombres ou ses noms ne sont peut-être pas ceux du texte.",stopped:"Arrêté.",wrong:"Cela n’a pas fonctionné",offline:"Le serveur est injoignable.",origin:"Cette discussion ne sert pas {origin}, ou son identifiant est faux.",mixed:"Cette page est sécurisée, le serveur non. Servez Isnad en HTTPS.",quota:"Trop de questions en une minute. Réessayez dans {s} s.",busy:"Le serveur est occupé.",key:"Ce serveur demande une clé ou un identifiant d’intégration.",broken:"La réponse s’est interrompue. Reposez la question.",other:"La réponse n’a pas pu être établie. Reposez la question."},
  ar: {title:"اسأل المقالات",open:"افتح المحادثة",close:"إغلاق",fresh:"محادثة جديدة",greeting:"اطرح سؤالا. يأتي الجواب بنص المقالات.",placeholder:"اطرح سؤالا…",send:"اسأل",stop:"أوقف",working:"جارٍ قراءة المقالات…",writing:"جارٍ كتابة الجواب…",words:"ريثما يُكتب الجواب، من نصوص المقالات",you:"سؤالك",examples:"أسئلة للتجربة",short:"باختصار",sources:"المصادر ({n})",source:"المصدر {n}",nearest:"أقرب المقاطع ({n})، وليست جوابا.",not_found:"لم يوجد جواب",also:"ورد أيضا ({n})",related:"لا جواب مؤكد",sure:"مؤكد",likely:"مرجّح",answers:"الكلمات التي تجيب",unsupported:"لا تؤيده المقالات",note:"ملاحظة",original:"الصفحة الأصلية",translate:"ترجم",translated:"ترجمة {m}، وليست نص المقالة",unsure:"قد لا تطابق أرقامها أو أسماؤها ما في النص.",stopped:"أوقف.",wrong:"تعذّر ذلك",offline:"تعذّر الوصول إلى الخادم.",origin:"لا تخدم هذه المحادثة {origin}، أو أن معرّفها خاطئ.",mixed:"الصفحة آمنة والخادم ليس كذلك. شغّله عبر HTTPS.",quota:"أسئلة كثيرة في دقيقة واحدة. أعد المحاولة بعد {s} ثانية.",busy:"الخادم مشغول.",key:"يطلب هذا الخادم مفتاحا أو معرّف تضمين.",broken:"انقطع الجواب. أعد السؤال.",other:"تعذّر إعداد الجواب. أعد السؤال."},
};

const PHONE = "(max-width:480px)";
const STYLE = `
:host{all:initial!important;display:block!important;--accent:#0b5a57;--on-accent:#fff}
:host([hidden]){display:none!important}
:host(:not([mode=inline])){position:fixed!important;z-index:2147483000!important;inset-block-end:20px!important;inset-inline-end:20px!important}
:host([position=bottom-start]:not([mode=inline])){inset-inline-end:auto!important;inset-inline-start:20px!important}
.root{--paper:#fbfaf7;--surface:#fff;--ink:#1d1f21;--muted:#5b5e60;--line:#ddd8cc;--mark:#ffe9a8;--mark-ink:#3a2b00;--quoted:#fff6d9;--danger:#a3242b;--caution:#8a4b00;
font:15px/1.55 -apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans Arabic","Geeza Pro",Tahoma,sans-serif;color:var(--ink);color-scheme:light;text-align:start;overflow-wrap:anywhere}
.root.dark{--paper:#16191c;--surface:#1f2428;--ink:#ebe8e1;--muted:#a9aba9;--line:#373d42;--mark:#57450f;--mark-ink:#ffedb8;--quoted:#2b2715;--danger:#f2938f;--caution:#f0b463;color-scheme:dark}
*,*::before,*::after{box-sizing:border-box}
[hidden]{display:none!important}
p,h2,h3,ul,ol,blockquote{margin:0;padding:0;font:inherit}
ul,ol{list-style:none}
button{font:inherit;color:inherit;cursor:pointer;border:0;background:none;padding:0;text-align:inherit}
:focus-visible{outline:2px solid var(--ring,var(--accent));outline-offset:2px}
.dark{--ring:#8fb8ff}
.launcher,header,.question,form button{background:var(--accent);color:var(--on-accent)}
.launcher{display:grid;place-items:center;width:56px;height:56px;border-radius:50%;box-shadow:0 4px 16px rgb(0 0 0/28%)}
svg{width:26px;height:26px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round;display:block}
.panel:not(dialog),.panel[open]{display:flex}
.panel{flex-direction:column;position:static;margin:0;padding:0;max-width:none;max-height:none;color:inherit;overflow:hidden;outline:0;background:var(--paper);border:1px solid var(--line);border-radius:14px}
:host(:not([mode=inline])) .panel{width:min(400px,calc(100vw - 40px));height:min(640px,calc(100dvh - 40px));box-shadow:0 12px 40px rgb(0 0 0/28%)}
:host([mode=inline]){height:100%!important}
:host([mode=inline]) :is(.root,.panel){height:100%;min-height:420px}
header{display:flex;align-items:center;gap:4px;padding-block:10px;padding-inline:16px 8px}
header h2{flex:1;min-width:0;font-weight:600;font-size:16px}
header button{display:grid;place-items:center;width:40px;height:40px;border-radius:8px}
header button:hover{background:rgb(128 128 128/30%)}
header :focus-visible{outline-color:var(--on-accent)}
header svg{width:20px;height:20px}
.log{position:relative;flex:1;overflow-y:auto;overscroll-behavior:contain;padding:16px;display:flex;flex-direction:column;gap:14px}
.greeting,.label,.working,.meta,summary{color:var(--muted)}
.label,.meta{font-size:12.5px}
.label{margin-block-end:6px}
.label b{margin-inline-start:8px;padding:0 8px;border:1px solid;border-radius:9px}
.label .likely{border-style:dashed}
.chips{display:flex;flex-direction:column;gap:6px}
.chips button,.card,.problem,.refusal,.related{width:100%;padding:10px 12px;background:var(--surface);border:1px solid var(--line);border-radius:10px}
.question{align-self:flex-end;max-width:88%;padding:8px 12px;border-radius:12px;border-end-end-radius:3px;white-space:pre-wrap}
.reply,.cards{display:flex;flex-direction:column;gap:10px}
.working::after{content:"";display:inline-block;width:.6em;height:.6em;margin-inline-start:.5em;border-radius:50%;background:currentColor;animation:pulse 1s infinite alternate}
@keyframes pulse{to{opacity:.15}}
.short strong{font-size:17px;font-weight:650;display:block}
.short>bdi{color:var(--muted)}
.marker{display:inline-block;min-width:1.5em;padding:0 .35em;margin-inline:2px;border-radius:.7em;border:1px solid var(--line);background:var(--surface);font-size:.8em;line-height:1.5;text-align:center;vertical-align:.1em}
.unsupported{text-decoration:underline wavy var(--caution) 1px;text-underline-offset:4px}
.warn{color:var(--caution);font-size:13.5px}
.problem{border-color:var(--danger);color:var(--danger)}
.problem strong{display:block}
.problem p{color:var(--ink)}
.refusal{border:1px dashed var(--muted);white-space:pre-line}
.related{border-inline-start:4px solid var(--caution);background:none}
.related>strong{color:var(--caution)}
.related>ol{margin-block-start:10px}
summary{cursor:pointer;font-size:13.5px;padding-block:4px}
.card h3{font-weight:600;font-size:14.5px}
.meta>*+*::before{content:" · "}
blockquote{margin-block:6px;padding:6px 10px;border-inline-start:3px solid var(--accent);background:var(--quoted);border-radius:4px;font-size:15.5px;line-height:1.9;white-space:pre-line}
.dark blockquote{border-color:var(--muted)}
.plain blockquote{border-color:var(--line);background:none;line-height:1.6}
mark{background:var(--mark);color:var(--mark-ink);border-radius:3px;padding:0 1px}
.answers{background:none;color:inherit;font-weight:700;text-decoration:underline 1.5px;text-underline-offset:.16em}
ruby{white-space:nowrap}
rt{font-size:10.5px;color:var(--muted);user-select:none}
a{color:inherit;font-size:13px;text-underline-offset:3px}
.text{display:flex;flex-direction:column;gap:8px}
.text :is(ul,ol){padding-inline-start:20px;list-style:disc}
.text ol{list-style:decimal}
.text .head{font-weight:600}
table{border-collapse:collapse;font-size:14px}
td{padding:4px 8px;border:1px solid var(--line);vertical-align:top}
.translate{color:var(--muted);font-size:13px;text-decoration:underline;text-underline-offset:3px;margin-inline-end:12px}
.translated{margin-block:6px;padding-inline-start:10px;border-inline-start:3px dotted var(--line)}
form{display:flex;align-items:flex-end;gap:8px;padding:10px;border-block-start:1px solid var(--line);background:var(--surface)}
textarea{flex:1;min-width:0;resize:none;font:inherit;font-size:16px;line-height:1.4;max-height:120px;padding:8px 10px;color:inherit;background:var(--paper);border:1px solid var(--muted);border-radius:10px}
textarea:focus{outline-offset:-2px}
textarea::placeholder{color:var(--muted);opacity:1}
form button{min-height:40px;padding:0 14px;border-radius:10px;font-weight:600}
form button:disabled{opacity:.55;cursor:default}
.heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media ${PHONE}{:host([open]:not([mode=inline])){inset:0!important}
:host(:not([mode=inline])) .panel{position:fixed;inset:0;width:100vw;height:100dvh;border:0;border-radius:0}}
@media (prefers-reduced-motion:reduce){*{animation:none!important}}
`;

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  chat: "M4 5.5h16v10.5H10l-4.5 3.5V16H4zM8 9.5h8M8 12.5h5",
  close: "M6 6l12 12M18 6L6 18",
  fresh: "M12 5v14M5 12h14",
};
const MAX_TURNS = 10;
const MAX_TURN_CHARS = 4000;

/** An element with attributes and children; strings become text nodes, nothing is parsed. */
function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

const tied = (text) => text.replace(/ (?=[?!:;»])/g, "\u00a0"); // as French sets them
const say = (text, values = {}) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const tagOf = (language) => (/^[a-z]{2,3}$/.test(language) && language !== "und" ? language : null);

const bold = (words) => words.split(/\*\*/).map((part, i) => (i % 2 ? el("strong", {}, part) : part));

/** The cited words with what matches, what answers and glosses. Offsets count code points of the article, as Python does. */
function quoteOf(citation, answers, title) {
  const points = Array.from(citation.quote);
  const local = (spans) => spans.map((span) => span.map((at) => Math.min(Math.max(at - citation.start, 0), points.length)));
  const [matching, answering, glossed] = [citation.highlights, answers, citation.glosses.map(({ start, end }) => [start, end])].map(local);
  const edges = new Set([0, points.length, ...[...matching, ...answering, ...glossed].flat()]);
  const cuts = [...edges].filter((at) => !glossed.some(([start, end]) => start < at && at < end)).sort((a, b) => a - b);
  const quote = el("blockquote", { dir: "auto", lang: tagOf(citation.language) });
  let last = "";
  cuts.slice(1).forEach((end, i) => {
    const touched = (spans) => spans.some((span) => span[0] < end && cuts[i] < span[1]);
    const kind = touched(answering) ? "answers" : touched(matching) ? "matches" : "";
    const gloss = citation.glosses[glossed.findIndex((span) => span[0] === cuts[i] && span[1] === end)];
    const words = points.slice(cuts[i], end).join("");
    const part = gloss ? el("ruby", {}, words, el("rt", { dir: "auto" }, gloss.gloss)) : words;
    if (kind && kind === last) quote.lastChild.append(part);
    else quote.append(kind ? el("mark", { class: kind, title: kind === "answers" && title }, part) : part);
    last = kind;
  });
  return quote;
}

/** Server-sent events as [name, data], without heartbeats. */
async function* eventsOf(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let buffer = "";
  for (;;) {
    const { done, value } = await reader.read();
    buffer += decoder.decode(value || new Uint8Array(), { stream: !done });
    const frames = buffer.split("\n\n");
    buffer = frames.pop();
    for (const frame of frames) {
      const name = /^event: (.*)$/m.exec(frame);
      const data = /^data: (.*)$/m.exec(frame);
      if (name && data) yield [name[1], JSON.parse(data[1])];
    }
    if (done) return;
  }
}

/** Why the chat cannot talk: `reason` names a text, `values` fill it. */
class Trouble extends Error {
  constructor(reason, values = {}) {
    super(reason);
    this.reason = reason;
    this.values = values;
  }
}

function troubleOf(status, code, headers) {
  if (["origin_not_allowed", "cross_origin", "not_found"].includes(code)) return new Trouble("origin", { origin: location.origin });
  if (status === 401 || status === 421) return new Trouble("key");
  if (status === 429) return new Trouble("quota", { s: (headers && headers.get("Retry-After")) || "60" });
  return new Trouble(code === "busy" || code === "stopping" ? "busy" : "other");
}

class IsnadChat extends HTMLElement {
  static observedAttributes = ["language", "theme", "accent", "heading", "greeting", "questions", "mode", "open"];

  constructor() {
    super();
    const sheet = new CSSStyleSheet(); // unlike a style element, allowed by the host page's content policy
    sheet.replaceSync(STYLE);
    this.accentSheet = new CSSStyleSheet();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet, this.accentSheet];
    this.turns = [];
    this.running = null;
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.dark.addEventListener("change", () => this.isConnected && this.paint());
  }

  connectedCallback() {
    this.build();
    this.toggle(this.hasAttribute("open") || this.inline, false);
  }

  disconnectedCallback() {
    this.running?.abort();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.root || before === after) return;
    if (name === "open") this.toggle(after !== null || this.inline);
    else if (name === "theme" || name === "accent") this.paint();
    else this.build();
  }

  get inline() {
    return this.getAttribute("mode") === "inline";
  }

  get language() {
    const wanted = [this.getAttribute("language"), document.documentElement.lang, ...navigator.languages];
    return wanted.map((tag) => (tag || "").slice(0, 2).toLowerCase()).find((tag) => tag in TEXTS) || "en";
  }

  get base() {
    const id = this.getAttribute("embed-id");
    const registered = `${SERVER}/embed/${encodeURIComponent(id)}`;
    const own = `${SERVER}/api/v1`;
    return id ? { ask: `${registered}/ask`, session: registered, translate: `${registered}/translate` } : { ask: `${own}/ask`, session: `${own}/session`, translate: `${own}/translate` };
  }

  build() {
    const t = (this.t = TEXTS[this.language]);
    const direction = this.language === "ar" ? "rtl" : "ltr";
    const title = this.getAttribute("heading") || t.title;
    const button = (name, label, act) => el("button", { type: "button", "aria-label": label, title: label, onclick: act }, icon(name));
    this.launcher = el("button", { type: "button", class: "launcher", "aria-label": `${t.open}: ${title}`, "aria-haspopup": "dialog", onclick: () => this.toggle(true) }, icon("chat"));
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": title, tabindex: "0" });
    this.input = el("textarea", { rows: "1", dir: direction, maxlength: this.session?.max_question_chars, placeholder: t.placeholder, "aria-label": t.placeholder, enterkeyhint: "send", autocomplete: "off", oninput: () => this.fit(), onkeydown: (event) => this.typed(event) });
    this.submit = el("button", { type: "submit" }, t.send);
    const form = el("form", { onsubmit: (event) => { event.preventDefault(); this.running ? this.running.abort() : this.ask(this.input.value); } }, this.input, this.submit);
    const close = this.inline ? null : button("close", t.close, () => this.toggle(false));
    const header = el("header", {}, el("h2", { id: "title", dir: "auto" }, title), button("fresh", t.fresh, () => this.clear()), close);
    this.panel = el(this.inline ? "section" : "dialog", { class: "panel", tabindex: "-1", "aria-labelledby": "title", onkeydown: (event) => this.keyed(event), oncancel: () => this.toggle(false) }, header, this.log, form);
    this.root = el("div", { class: "root", dir: direction, lang: this.language }, this.launcher, this.panel);
    this.shadowRoot.replaceChildren(this.root);
    this.turns = [];
    this.running?.abort();
    this.welcome();
    this.paint();
    this.toggle(this.hasAttribute("open") || this.inline, false);
  }

  paint() {
    const theme = this.getAttribute("theme");
    this.root.classList.toggle("dark", theme === "dark" || (theme !== "light" && this.dark.matches));
    const accent = this.getAttribute("accent") || "";
    if (!CSS.supports("color", accent) || /var|url/.test(accent)) return this.accentSheet.replaceSync("");
    this.root.style.color = accent;
    const [r, g, b] = getComputedStyle(this.root).color.match(/[\d.]+/g).map((value) => (value / 255) ** 2.2);
    this.root.style.color = "";
    const light = 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179; // where black text contrasts more than white
    this.accentSheet.replaceSync(`:host{--accent:${accent}!important;--on-accent:${light ? "#000" : "#fff"}!important}`);
  }

  welcome() {
    const greeting = el("p", { class: "greeting", dir: "auto" }, this.getAttribute("greeting") || this.t.greeting);
    this.chips = el("div", { hidden: true }, el("p", { class: "label" }, this.t.examples), el("ul", { class: "chips" }));
    this.log.replaceChildren(greeting, this.chips);
    const own = (this.getAttribute("questions") || "").split("|").map((one) => one.trim()).filter(Boolean);
    if (own.length) this.suggest(own);
    else if (this.session) this.suggest(this.session.questions[this.language] || []);
  }

  suggest(questions) {
    const chips = questions.slice(0, 4).map((one) => el("li", {}, el("button", { type: "button", dir: "auto", onclick: () => this.ask(one) }, tied(one))));
    this.chips.lastChild.replaceChildren(...chips);
    this.chips.hidden = !chips.length;
  }

  fit() {
    this.input.dir = this.input.value ? "auto" : this.root.dir; // a placeholder has no direction of its own
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight + 2, 120)}px`;
  }

  toggle(open, focus = true) {
    if (this.inline) open = true;
    if (this.hasAttribute("open") !== open) this.toggleAttribute("open", open); // comes back here when observed
    this.show(open);
    this.launcher.hidden = open;
    if (open && !this.asked) this.greet();
    if (focus && !this.inline) (open ? this.input : this.launcher).focus();
  }

  /** Full screen on a phone the chat is modal: nothing else can be reached behind it. */
  show(open) {
    if (this.inline || this.panel.open === open || !this.isConnected) return;
    if (!open) this.panel.close();
    else if (matchMedia(PHONE).matches) {
      this.panel.showModal();
      this.panel.focus(); // rather than a button
    }
    else this.panel.open = true; // show() would take the focus
  }

  typed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!this.running) this.ask(this.input.value);
  }

  keyed(event) {
    event.stopPropagation(); // not for the host page's shortcuts
    if (this.inline) return;
    if (event.key === "Escape") this.toggle(false);
  }

  clear() {
    this.running?.abort();
    this.turns = [];
    this.welcome();
    this.input.focus();
  }

  /** The first contact: suggested questions, or at once the reason why there will be no answers. */
  async greet() {
    this.asked = true;
    try {
      const response = await this.call(this.base.session);
      this.session = await response.json();
      this.input.maxLength = this.session.max_question_chars;
      if (!this.turns.length && !this.getAttribute("questions")) this.suggest(this.session.questions[this.language] || []);
    } catch (error) {
      this.asked = false;
      this.log.append(this.problem(error));
    }
  }

  async call(url, options) {
    let response;
    try {
      response = await fetch(url, { credentials: "same-origin", cache: "no-store", ...options });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw await this.silence(url);
    }
    if (response.ok) return response;
    const told = await response.json().catch(() => ({}));
    throw troubleOf(response.status, told.error?.code, response.headers);
  }

  /** A browser does not tell why a request failed: see whether the server is there at all. */
  async silence(url) {
    if (location.protocol === "https:" && url.startsWith("http:") && !/^http:\/\/(localhost|127\.)/.test(url)) return new Trouble("mixed");
    try {
      await fetch(`${new URL(url).origin}/widget.js`, { mode: "no-cors", cache: "no-store" });
      return new Trouble("origin", { origin: location.origin });
    } catch {
      return new Trouble("offline");
    }
  }

  async ask(text) {
    const question = text.trim();
    if (!question || this.running) return;
    this.chips.hidden = true;
    const working = el("p", { class: "working" }, this.t.working);
    const reply = el("div", { class: "reply", "aria-busy": "true" }, working);
    const asked = el("p", { class: "question", dir: "auto" }, el("span", { class: "heard" }, `${this.t.you}: `), tied(question));
    this.log.append(asked, reply);
    this.log.scrollTop = asked.offsetTop - 12;
    this.input.value = "";
    this.fit();
    this.running = new AbortController();
    this.submit.textContent = this.t.stop;
    try {
      const answer = await this.receive(question, reply, this.running.signal);
      if (answer.status === "answered") this.turns.push({ role: "user", content: question }, { role: "assistant", content: answer.plain_answer.slice(0, MAX_TURN_CHARS) });
      this.turns = this.turns.slice(-2 * MAX_TURNS);
      reply.replaceChildren(...this.answerParts(answer));
    } catch (error) {
      working.remove();
      reply.append(error.name === "AbortError" ? el("p", { class: "warn" }, this.t.stopped) : this.problem(error));
    } finally {
      this.running = null;
      this.submit.textContent = this.t.send;
      reply.setAttribute("aria-busy", "false");
      this.log.scrollTop = asked.offsetTop - 12;
    }
  }

  /** Show the answer as it comes and return it whole. Throws Trouble. */
  async receive(question, reply, signal) {
    const body = JSON.stringify({ question, history: this.turns, stream: true });
    const response = await this.call(this.base.ask, { method: "POST", headers: { "Content-Type": "application/json" }, body, signal });
    const text = el("p", { dir: "auto" });
    try {
      for await (const [name, data] of eventsOf(response.body)) {
        if (name === "delta") {
          if (!text.isConnected) reply.firstChild.replaceWith(text);
          text.append(data.text);
        } else if (name === "quotes") {
          reply.firstChild.textContent = this.t.writing;
          reply.append(el("p", { class: "label" }, this.t.words), this.cards(data, data.citations.filter((one) => !one.also_said)));
        } else if (name === "end") return data;
        else if (name === "error") throw troubleOf(0, data.error.code);
      }
    } catch (error) {
      if (error instanceof Trouble || error.name === "AbortError") throw error;
    }
    throw new Trouble("broken");
  }

  problem(error) {
    const reason = error instanceof Trouble ? say(this.t[error.reason], error.values) : this.t.other;
    return el("div", { class: "problem", role: "alert" }, el("strong", {}, this.t.wrong), el("p", { dir: "auto" }, reason));
  }

  answerParts(answer) {
    const short = answer.short_answer ? [this.short(answer)] : [];
    const list = (quotes) => this.cards(answer, quotes);
    const cards = list(answer.citations.filter((one) => !one.also_said));
    const more = answer.citations.filter((one) => one.also_said);
    const also = more.length ? [el("details", {}, el("summary", {}, say(this.t.also, { n: more.length })), list(more))] : [];
    const warnings = answer.warnings.map((text) => el("p", { class: "warn", dir: "auto" }, `${this.t.note}: ${text}`));
    if (answer.status !== "answered") return [this.unanswered(answer, cards), ...warnings];
    if (answer.answerer === "extractive") return [...short, ...warnings, cards, ...also];
    const text = this.written(answer, cards);
    const sources = el("details", { open: true }, el("summary", {}, say(this.t.sources, { n: answer.citations.length })), cards);
    return [...short, text, ...warnings, ...(answer.citations.length ? [sources] : [])];
  }

  short(answer) {
    const { text, gloss, label } = answer.short_answer;
    return el("div", { class: "short" }, el("p", { class: "label" }, this.t.short, label ? el("b", { class: label }, this.t[label]) : null), el("strong", {}, el("bdi", {}, text)), gloss ? el("bdi", {}, gloss) : null);
  }

  /** The answer's Markdown: paragraphs, lists, tables and, within, bold words; each sentence with its markers. */
  written(answer, cards) {
    const text = el("div", { class: "text", lang: tagOf(answer.language) });
    let last = { tag: "" };
    for (const sentence of answer.sentences) {
      const said = sentence.text.replace(/\s*\[\d{1,3}\]/g, "");
      const [mark, bullet, number, row, head] = /^\s*(?:([-*+•]\s)|(\d{1,3})[.)]\s|(\|)|(#{1,6}\s))?\s*/.exec(said);
      const tag = row ? "table" : bullet ? "ul" : number ? "ol" : "p";
      const apart = tag !== last.tag || /\n\n/.test(sentence.lead) || head || last.head;
      if (/^[\s|:-]*$/.test(said)) continue; // the rule below a table's head
      const goesOn = !mark.trim() && last.block && sentence.lead !== "\n\n" && !last.head && last.tag !== "table" && (last.tag === "p" || sentence.lead === " ");
      if (!goesOn && (apart || tag === "p")) text.append((last = { tag, head, block: el(tag, { dir: "auto", start: number }) }).block);
      if (row) last.block.append(this.row(said, sentence, cards));
      else if (tag === "p") (last.item && last.tag !== "p" ? last.item : last.block).append(...this.sentence(said.slice(mark.length), sentence, cards));
      else last.block.append((last.item = el("li", { dir: "auto" }, ...this.sentence(said.slice(mark.length), sentence, cards))));
      if (head) last.block.className = "head";
    }
    return text;
  }

  row(said, sentence, cards) {
    const cells = said.trim().replace(/^\||\|$/g, "").split("|");
    return el("tr", {}, ...cells.map((cell, i) => el("td", { dir: "auto" }, ...(i < cells.length - 1 ? bold(cell.trim()) : this.sentence(cell.trim(), sentence, cards)))));
  }

  sentence(words, sentence, cards) {
    const doubt = sentence.unsupported;
    const shown = doubt ? [el("span", { class: "unsupported", title: this.t.unsupported }, ...bold(words))] : bold(words);
    const told = doubt ? [el("span", { class: "heard" }, ` (${this.t.unsupported})`)] : [];
    const markers = sentence.citations.map((number) => el("bdi", {}, el("button", { type: "button", class: "marker", "aria-label": say(this.t.source, { n: number }), onclick: () => this.showCard(cards, number) }, String(number))));
    return [...shown, ...told, " ", ...markers, " "];
  }

  showCard(cards, number) {
    const card = cards.querySelector(`[data-number="${Number(number)}"]`);
    if (!card) return;
    card.closest("details").open = true;
    card.focus();
  }

  /** Quotes of an answer, the words of its short answer marked. */
  cards(answer, quotes) {
    const found = answer.short_answer;
    const spans = (number) => (found?.citation === number ? [[found.start, found.end]] : []);
    return el("ol", { class: "cards" }, ...quotes.map((one) => this.card(one, one.number, spans(one.number), answer.language)));
  }

  /** The button that asks for a translation of a quote, in whose place it then stands. */
  translation(source, language) {
    const ask = el("button", { type: "button", class: "translate", onclick: async () => {
      ask.disabled = true;
      try {
        const body = JSON.stringify({ article_id: source.article_id, start: source.start, end: source.end, language });
        const response = await this.call(this.base.translate, { method: "POST", headers: { "Content-Type": "application/json" }, body });
        ask.replaceWith(this.translated(await response.json()));
      } catch (error) {
        ask.replaceWith(this.problem(error));
      }
    } }, this.t.translate);
    return ask;
  }

  translated({ text, language, model, verified }) {
    const label = el("p", { class: "meta" }, say(this.t.translated, { m: model.replace(/^llm:/, "") }));
    return el("div", { class: "translated" }, label, el("p", { dir: "auto", lang: tagOf(language) }, text), verified ? null : el("p", { class: "warn" }, this.t.unsure));
  }

  card(source, number, answers = [], wanted = "") {
    const foreign = this.session?.translates && wanted && tagOf(source.language) && source.language !== wanted;
    const translation = source.translation ? this.translated(source.translation) : foreign ? this.translation(source, wanted) : null;
    const language = tagOf(source.language) && new Intl.DisplayNames(this.language, { type: "language" }).of(source.language);
    const facts = [source.source, this.day(source.date), source.at, language].filter(Boolean).map((fact) => el("bdi", {}, fact));
    const title = el("h3", { dir: "auto", lang: tagOf(source.language) }, source.title || source.article_id);
    const link = /^https?:\/\//i.test(source.url) && el("a", { href: source.url, target: "_blank", rel: "noopener noreferrer" }, this.t.original);
    const attributes = number ? { class: "card", "data-number": number, tabindex: "-1" } : { class: "card plain" };
    const quote = quoteOf({ highlights: [], glosses: [], quote: source.text, ...source }, answers, this.t.answers);
    return el("li", attributes, title, el("p", { class: "meta" }, ...facts), quote, translation, link || null);
  }

  day(date) {
    const when = new Date(`${date}T12:00:00Z`);
    return when.getTime() ? new Intl.DateTimeFormat(this.language === "en" ? "en-GB" : this.language, { dateStyle: "long", timeZone: "UTC" }).format(when) : "";
  }

  /** What is no answer says so in the question's language: related quotes below it, or the nearest passages folded. */
  unanswered(answer, cards) {
    const texts = TEXTS[answer.language] || this.t;
    const nearest = answer.status === "related" ? [] : answer.passages.slice(0, 3).map((passage) => this.card(passage, 0));
    const list = nearest.length ? el("details", {}, el("summary", {}, say(texts.nearest, { n: nearest.length })), el("ol", { class: "cards" }, ...nearest)) : cards;
    const near = answer.status === "related";
    const title = answer.answerer === "guide" ? null : el("strong", { dir: "auto" }, texts[answer.status]);
    const said = [title, el("p", {}, near ? answer.plain_answer.split("\n")[0] : answer.plain_answer)];
    return el("div", { class: near ? "related" : "refusal", dir: texts === TEXTS.ar ? "rtl" : "ltr", lang: tagOf(answer.language) }, ...said, list);
  }
}

const script = document.currentScript;
const SERVER = script ? new URL(script.src).origin : location.origin;
customElements.define("isnad-chat", IsnadChat);

/** `<script src=".../widget.js" data-embed-id="...">` places the chat by itself. */
function place() {
  const chat = document.createElement("isnad-chat");
  for (const { name, value } of script.attributes) {
    if (name.startsWith("data-") && !(name === "data-open" && value === "false")) chat.setAttribute(name === "data-title" ? "heading" : name.slice(5), value);
  }
  if (chat.getAttribute("mode") === "inline") script.after(chat);
  else document.body.append(chat);
}
if (script && (script.dataset.embedId !== undefined || script.dataset.mode)) {
  if (document.body) place();
  else document.addEventListener("DOMContentLoaded", place);
}
})();
