/* The Isnad widget: a chat in a shadow root, without dependencies or cookies. The tab keeps the conversation, nothing else does.
   Text from articles and answers only ever becomes text nodes: nothing here parses HTML. */
(() => {
"use strict";
if (customElements.get("isnad-chat")) return;

const TEXTS = {
  en: {title:"Ask the articles",open:"Open the chat",close:"Close",fresh:"New conversation",greeting:"Ask a question. It is answered in the exact words of the articles.",placeholder:"Ask a question…",send:"Ask",stop:"Stop",working:"Reading the articles…",writing:"Writing an answer…",words:"Meanwhile, in the articles’ own words",you:"You asked",examples:"Example questions",short:"In short",sources:"Sources ({n})",source:"Source {n}",nearest:"The nearest passages ({n}). They are not an answer.",not_found:"No answer found",also:"Also said ({n})",related:"No sure answer",sure:"Sure",likely:"Likely",answers:"The words that answer",unsupported:"Not borne out by the articles",note:"Note",original:"Original page",translate:"Translate",translated:"Translated by {m}: not the article’s words",unsure:"Its numbers or names may not be those of the text.",stopped:"Stopped before the answer was complete.",wrong:"That did not work",offline:"The server cannot be reached.",origin:"This chat does not serve {origin}, or its embed id is wrong.",mixed:"This page is secure and the server is not. Serve Isnad over HTTPS.",quota:"Too many questions in a minute. Try again in {s} s.",busy:"The server is busy.",key:"This server needs a key or an embed id.",broken:"The answer broke off. Ask again.",other:"The answer could not be made. Ask again.",copy:"Copy",copied:"Copied",helpful:"Helpful",unhelpful:"Not helpful",why:"What is wrong with it?",reasons:"Wrong|Not in the articles|Hard to read|Something else",with:"The question is kept with it, for whoever runs this server.",article:"Open the article",back:"Back to the answers",also_in:"Also in",limited:"Searched only in articles of the days the question names:"},
  fr: {title:"Interroger les articles",open:"Ouvrir la discussion",close:"Fermer",fresh:"Nouvelle conversation",greeting:"Posez une question. La réponse est faite des mots exacts des articles.",placeholder:"Posez une question…",send:"Demander",stop:"Arrêter",working:"Lecture des articles…",writing:"Rédaction de la réponse…",words:"En attendant, les mots des articles",you:"Votre question",examples:"Exemples de questions",short:"En bref",sources:"Sources ({n})",source:"Source {n}",nearest:"Passages les plus proches ({n}), sans réponse.",not_found:"Aucune réponse trouvée",also:"Dit aussi ({n})",related:"Pas de réponse sûre",sure:"Sûr",likely:"Probable",answers:"Les mots qui répondent",unsupported:"Non confirmé par les articles",note:"Remarque",original:"Page d’origine",translate:"Traduire",translated:"Traduit par {m} : ce ne sont pas les mots de l’article",unsure:"Ses nombres ou ses noms ne sont peut-être pas ceux du texte.",stopped:"Arrêté.",wrong:"Cela n’a pas fonctionné",offline:"Le serveur est injoignable.",origin:"Cette discussion ne sert pas {origin}, ou son identifiant est faux.",mixed:"Cette page est sécurisée, le serveur non. Servez Isnad en HTTPS.",quota:"Trop de questions en une minute. Réessayez dans {s} s.",busy:"Le serveur est occupé.",key:"Ce serveur demande une clé ou un identifiant d’intégration.",broken:"La réponse s’est interrompue. Reposez la question.",other:"La réponse n’a pas pu être établie. Reposez la question.",copy:"Copier",copied:"Copié",helpful:"Utile",unhelpful:"Pas utile",why:"Qu’est-ce qui ne va pas ?",reasons:"Faux|Pas dans les articles|Illisible|Autre chose",with:"La question est gardée avec, pour l’administrateur du serveur.",article:"Ouvrir l’article",back:"Revenir aux réponses",also_in:"Aussi dans",limited:"Recherche limitée aux articles des jours que nomme la question :"},
  ar: {title:"اسأل المقالات",open:"افتح المحادثة",close:"إغلاق",fresh:"محادثة جديدة",greeting:"اطرح سؤالا. يأتي الجواب بنص المقالات.",placeholder:"اطرح سؤالا…",send:"اسأل",stop:"أوقف",working:"جارٍ قراءة المقالات…",writing:"جارٍ كتابة الجواب…",words:"ريثما يُكتب الجواب، من نصوص المقالات",you:"سؤالك",examples:"أسئلة للتجربة",short:"باختصار",sources:"المصادر ({n})",source:"المصدر {n}",nearest:"أقرب المقاطع ({n})، وليست جوابا.",not_found:"لم يوجد جواب",also:"ورد أيضا ({n})",related:"لا جواب مؤكد",sure:"مؤكد",likely:"مرجّح",answers:"الكلمات التي تجيب",unsupported:"لا تؤيده المقالات",note:"ملاحظة",original:"الصفحة الأصلية",translate:"ترجم",translated:"ترجمة {m}، وليست نص المقالة",unsure:"قد لا تطابق أرقامها أو أسماؤها ما في النص.",stopped:"أوقف.",wrong:"تعذّر ذلك",offline:"تعذّر الوصول إلى الخادم.",origin:"لا تخدم هذه المحادثة {origin}، أو أن معرّفها خاطئ.",mixed:"الصفحة آمنة والخادم ليس كذلك. شغّله عبر HTTPS.",quota:"أسئلة كثيرة في دقيقة واحدة. أعد المحاولة بعد {s} ثانية.",busy:"الخادم مشغول.",key:"يطلب هذا الخادم مفتاحا أو معرّف تضمين.",broken:"انقطع الجواب. أعد السؤال.",other:"تعذّر إعداد الجواب. أعد السؤال.",copy:"نسخ",copied:"تم النسخ",helpful:"مفيدة",unhelpful:"غير مفيدة",why:"ما الخلل فيها؟",reasons:"خاطئة|ليست في المقالات|تصعب قراءتها|سبب آخر",with:"يُحفظ السؤال معها لمشرف الخادم.",article:"افتح المقال",back:"عد إلى الأجوبة",also_in:"ورد أيضا في",limited:"اقتصر البحث على مقالات الأيام التي يذكرها السؤال:"},
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
blockquote{margin-block:6px;padding:6px 10px;border-inline-start:3px solid var(--accent);background:var(--quoted);border-radius:4px;font-size:15.5px;line-height:1.9;white-space:pre-wrap}
.dark blockquote{border-color:var(--muted)}
.plain blockquote{border-color:var(--line);background:none;line-height:1.6}
mark{background:var(--mark);color:var(--mark-ink)} /* no padding, no weight: either would part the letters of an Arabic word */
.answers{background:color-mix(in srgb,var(--accent) 18%,transparent);color:inherit;text-decoration:underline 2px var(--ring,var(--accent));text-underline-offset:.2em}
ruby{white-space:pre}
rt{font-size:10.5px;color:var(--muted);user-select:none}
a.tool{display:inline-grid;align-content:center}
.text{display:flex;flex-direction:column;gap:8px}
.text :is(ul,ol){padding-inline-start:20px;list-style:disc}
.text ol{list-style:decimal}
.text .head{font-weight:600}
table{border-collapse:collapse;font-size:14px}
td{padding:4px 8px;border:1px solid var(--line);vertical-align:top}
.tools{display:flex;flex-wrap:wrap;gap:2px 14px}
.tool{min-height:24px;color:var(--muted);font-size:13px;text-decoration:underline;text-underline-offset:3px}
.tool[aria-pressed=true]{color:var(--ink);font-weight:650}
.why{flex:1 0 100%;gap:6px}
.why p{flex:1 0 100%;margin:4px 0 0}
.why .tool{padding:1px 10px;border:1px solid;border-radius:14px;text-decoration:none}
.why [aria-pressed=true]{background:var(--mark);color:var(--mark-ink)}
.tool:disabled{opacity:.55;cursor:default}
.article{unicode-bidi:plaintext;white-space:pre-wrap;line-height:1.9}
.reader h3{font-weight:650;font-size:17px}
.quoted{background:var(--quoted)}
.reader>button{position:sticky;inset-block-start:-16px;padding-block:10px;background:var(--paper)}
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
const REASONS = ["wrong", "missing", "unreadable", "other"]; // as the server names them
const NEAREST = 3;
const MAX_TURN_CHARS = 4000;

/** An element `tag` or `tag.class` with attributes and children; strings become text nodes, nothing is parsed. */
function el(named, attributes = {}, ...children) {
  const [tag, kind] = named.split(".");
  const made = document.createElement(tag);
  const all = { class: kind, type: tag === "button" && "button", ...attributes };
  for (const [name, value] of Object.entries(all)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
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
const tagOf = (language) => (/^[a-z]{2,3}$/.test(language) && language !== "und" ? language : "");
const spoken = (language) => ({ dir: "auto", lang: tagOf(language) });

/** As the chat has it (rag/rendering.py): an absolute http(s) address without white space, controls or credentials. */
function safeLink(url) {
  if (/[\s\u0000-\u0020\u007f-\u009f\\\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/u.test(url)) return false;
  try {
    return /^https?:\/\/[^/?#@]+(?:[/?#]|$)/i.test(url) && Boolean(new URL(url).hostname);
  } catch {
    return false;
  }
}

const bold = (words) => words.split(/\*\*/).map((part, i) => (i % 2 ? el("strong", {}, part) : part));

/** Where a caption stands: under whole words, since one under a part would separate letters that join. */
function whole(points, [start, end]) {
  const joins = (at) => /[\p{sc=Arab}\p{M}]/u.test(points[at] || "");
  while (joins(start - 1) && joins(start)) start--;
  while (joins(end - 1) && joins(end)) end++;
  return [start, end];
}

/** The cited words with what matches, what answers and glosses. Offsets count code points of the article, as Python does. */
function marked(citation, answers, title) {
  const points = Array.from(citation.quote);
  const local = (spans) => spans.map((span) => span.map((at) => Math.min(Math.max(at - citation.start, 0), points.length)));
  const [matching, answering, named] = [citation.highlights, answers, citation.glosses.map(({ start, end }) => [start, end])].map(local);
  const ends = [];
  const captions = named.map((span, i) => [...whole(points, span), citation.glosses[i].gloss]).sort((a, b) => a[0] - b[0]).filter(([start, end]) => start >= (ends.at(-1) || 0) && start < end && ends.push(end));
  const cuts = [...new Set([0, points.length, ...[...matching, ...answering, ...captions].flatMap(([start, end]) => [start, end])])].sort((a, b) => a - b);
  const out = document.createDocumentFragment();
  cuts.slice(1).forEach((end, i) => {
    const within = (spans) => spans.find((span) => span[0] < end && cuts[i] < span[1]);
    const kind = within(answering) ? "answers" : within(matching) ? "matches" : "";
    const caption = within(captions);
    if (caption?.[0] === cuts[i]) out.append(el("ruby"));
    const place = caption ? out.lastChild : out;
    const words = points.slice(cuts[i], end).join("");
    if (kind && place.lastChild?.className === kind) place.lastChild.append(words);
    else place.append(kind ? el("mark", { class: kind, title: kind === "answers" && title }, words) : words);
    if (caption?.[1] === end) place.append(el("rt", { dir: "auto" }, caption[2]));
  });
  return out;
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
    const sheet = new CSSStyleSheet(); // unlike a style element, allowed by the content policy of any page
    sheet.replaceSync(STYLE);
    this.accentSheet = new CSSStyleSheet();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet, this.accentSheet];
    this.running = null;
    this.failed = [];
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
    return id ? `${SERVER}/embed/${encodeURIComponent(id)}` : `${SERVER}/api/v1`;
  }

  get turns() {
    const answered = this.exchanges.filter(({ answer }) => answer.status === "answered");
    return answered.flatMap(({ question, answer }) => [{ role: "user", content: question }, { role: "assistant", content: answer.plain_answer.slice(0, MAX_TURN_CHARS) }]);
  }

  /** What the tab kept of this embed's conversation. On the server's own pages, where readers sign in, nothing is kept. */
  kept() {
    try {
      return JSON.parse(sessionStorage.getItem(this.getAttribute("embed-id") && `isnad ${this.getAttribute("embed-id")}`)) || [];
    } catch { // forbidden, or not ours
      return [];
    }
  }

  keep() {
    this.exchanges = this.exchanges.slice(-MAX_TURNS);
    const id = this.getAttribute("embed-id");
    try {
      if (id) sessionStorage.setItem(`isnad ${id}`, JSON.stringify(this.exchanges));
    } catch {} // full or forbidden: a reload forgets
  }

  build() {
    const t = (this.t = TEXTS[this.language]);
    const direction = this.language === "ar" ? "rtl" : "ltr";
    const title = this.getAttribute("heading") || t.title;
    const button = (name, label, act) => el("button", { "aria-label": label, title: label, onclick: act }, icon(name));
    this.launcher = el("button.launcher", { "aria-label": `${t.open}: ${title}`, "aria-haspopup": "dialog", onclick: () => this.toggle(true) }, icon("chat"));
    this.log = el("div.log", { role: "log", "aria-live": "polite", "aria-label": title, tabindex: "0" });
    this.input = el("textarea", { rows: "1", dir: direction, maxlength: this.session?.max_question_chars, placeholder: t.placeholder, "aria-label": t.placeholder, enterkeyhint: "send", autocomplete: "off", oninput: () => this.fit(), onkeydown: (event) => this.typed(event) });
    this.submit = el("button", { type: "submit" }, t.send);
    const form = el("form", { onsubmit: (event) => { event.preventDefault(); this.running ? this.running.abort() : this.ask(this.input.value); } }, this.input, this.submit);
    const close = this.inline ? "" : button("close", t.close, () => this.toggle(false));
    const header = el("header", {}, el("h2", { id: "title", dir: "auto" }, title), button("fresh", t.fresh, () => this.clear()), close);
    this.reader = el("div", { class: "log reader", hidden: true, tabindex: "0", role: "region", "aria-label": t.article });
    this.panel = el(this.inline ? "section" : "dialog", { class: "panel", tabindex: "-1", "aria-labelledby": "title", onkeydown: (event) => this.keyed(event), oncancel: () => this.toggle(false) }, header, this.log, this.reader, form);
    this.root = el("div.root", { dir: direction, lang: this.language }, this.launcher, this.panel);
    this.shadowRoot.replaceChildren(this.root);
    this.exchanges = this.kept();
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
    const greeting = el("p.greeting", { dir: "auto" }, this.getAttribute("greeting") || this.t.greeting);
    this.chips = el("div", { hidden: true }, el("p.label", {}, this.t.examples), el("ul.chips", {}));
    this.log.replaceChildren(greeting, this.chips);
    const own = (this.getAttribute("questions") || "").split("|").map((one) => one.trim()).filter(Boolean);
    if (own.length) this.suggest(own);
    else if (this.session) this.suggest(this.session.questions[this.language] || []);
    try {
      const drawn = this.exchanges.map((exchange) => [exchange.question, this.answerParts(exchange)]);
      for (const [question, parts] of drawn) this.place(question)[1].append(...parts);
    } catch { // kept by another version
      this.exchanges = [];
    }
    this.log.scrollTop = this.log.scrollHeight;
  }

  suggest(questions) {
    const chips = questions.slice(0, 4).map((one) => el("li", {}, el("button", { dir: "auto", onclick: () => this.ask(one) }, tied(one))));
    this.chips.lastChild.replaceChildren(...chips);
    this.chips.hidden = !chips.length || this.log.childElementCount > 2; // beside greeting and chips
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
    event.stopPropagation(); // not for the shortcuts of the page around it
    if (event.key !== "Escape") return;
    if (!this.reader.hidden) {
      event.preventDefault(); // the article closes, not the chat
      this.leave();
    } else if (!this.inline) this.toggle(false);
  }

  clear() {
    this.running?.abort();
    this.exchanges = [];
    this.keep();
    if (!this.reader.hidden) this.leave();
    this.welcome();
    this.input.focus();
  }

  /** The first contact: suggested questions, or at once the reason why there will be no answers. */
  async greet() {
    this.asked = true;
    try {
      this.session = await this.call(this.getAttribute("embed-id") ? "" : "/session");
      this.input.maxLength = this.session.max_question_chars;
      if (!this.getAttribute("questions")) this.suggest(this.session.questions[this.language] || []);
      if ((this.session.translates || this.session.keeps_questions) && this.exchanges.length && !this.running) this.welcome(); // with what it offers
    } catch (error) {
      this.asked = false;
      this.log.append(this.problem(error));
    }
  }

  /** What the server says to a path: its JSON, or the response while it streams. Throws Trouble. */
  async call(path, sent, signal) {
    const posted = sent && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(sent), signal };
    let response;
    try {
      response = await fetch(this.base + path, { credentials: "same-origin", cache: "no-store", ...posted });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw await this.silence(this.base);
    }
    if (response.ok) return signal ? response : response.status === 204 || response.json();
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

  /** A question and the place of its reply in the log. */
  place(question) {
    const asked = el("p.question", { dir: "auto" }, el("span.heard", {}, `${this.t.you}: `), tied(question));
    const reply = el("div.reply", {});
    this.chips.hidden = true;
    this.log.append(asked, reply);
    return [asked, reply];
  }

  async ask(text) {
    const question = text.trim();
    if (!question || this.running) return;
    this.failed.forEach((one) => one.remove());
    this.failed = [];
    const [asked, reply] = this.place(question);
    const working = el("p.working", {}, this.t.working);
    reply.append(working);
    reply.setAttribute("aria-busy", "true");
    this.log.scrollTop = asked.offsetTop - 12;
    this.input.value = "";
    this.fit();
    const running = (this.running = new AbortController());
    this.submit.textContent = this.t.stop;
    try {
      const exchange = { question, answer: await this.receive(question, reply, running.signal), vote: "", reason: "" };
      exchange.answer.passages.splice(exchange.answer.status === "not_found" ? NEAREST : 0); // what is not shown is not kept
      this.exchanges.push(exchange);
      this.keep();
      reply.replaceChildren(...this.answerParts(exchange));
    } catch (error) {
      working.remove();
      const stopped = error.name === "AbortError";
      reply.append(stopped ? el("p.warn", {}, this.t.stopped) : this.problem(error));
      if (!stopped) this.failed = [asked, reply];
      if (!stopped && !this.input.value) this.input.value = question; // to be asked again
      this.fit();
    } finally {
      if (this.running === running) this.running = null;
      this.submit.textContent = this.t.send;
      reply.setAttribute("aria-busy", "false");
      this.log.scrollTop = asked.offsetTop - 12;
    }
  }

  /** Show the answer as it comes and return it whole. Throws Trouble. */
  async receive(question, reply, signal) {
    const response = await this.call("/ask", { question, history: this.turns, stream: true }, signal);
    const text = el("p", { dir: "auto" });
    try {
      for await (const [name, data] of eventsOf(response.body)) {
        if (name === "delta") {
          if (!text.isConnected) reply.firstChild.replaceWith(text);
          text.append(data.text);
        } else if (name === "quotes") {
          reply.firstChild.textContent = this.t.writing;
          reply.append(el("p.label", {}, this.t.words), this.cards(data, data.citations.filter((one) => !one.also_said)));
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
    return el("div.problem", { role: "alert" }, el("strong", {}, this.t.wrong), el("p", { dir: "auto" }, reason));
  }

  answerParts(exchange) {
    const { answer } = exchange;
    const list = (quotes) => this.cards(answer, quotes);
    const cards = list(answer.citations.filter((one) => !one.also_said));
    const more = answer.citations.filter((one) => one.also_said);
    const also = more.length ? [el("details", {}, el("summary", {}, say(this.t.also, { n: more.length })), list(more))] : [];
    const notes = [...this.notes(answer), this.tools(exchange)];
    if (answer.status !== "answered") return [this.unanswered(answer, [cards, ...also]), ...notes];
    const short = answer.short_answer ? [this.short(answer)] : [];
    if (answer.answerer === "extractive") return [...short, cards, ...also, ...notes];
    const sources = el("details", { open: true }, el("summary", {}, say(this.t.sources, { n: answer.citations.length })), cards, ...also);
    return [...short, this.written(answer), ...(answer.citations.length ? [sources] : []), ...notes];
  }

  /** The warnings, and which days the question's own words limited the search to. */
  notes({ warnings, applied_filters: applied }) {
    const notes = warnings.map((text) => el("p.warn", { dir: "auto" }, `${this.t.note}: ${text}`));
    const days = applied?.from_question && [applied.since, applied.until].map((day) => (day ? this.day(day) : "…")).join(" – ");
    return days ? [...notes, el("p", { class: "label limited" }, `${tied(this.t.limited)} `, el("bdi", {}, days))] : notes;
  }

  tool(words, act, attributes = {}) {
    return el("button.tool", { onclick: (event) => act(event.currentTarget), ...attributes }, words);
  }

  /** Copy, the thumbs, and below a thumb down why; what is pressed once more is taken back. */
  tools(exchange) {
    const { answer } = exchange;
    if (answer.status === "not_found" || answer.answerer === "guide") return "";
    const choice = (words, vote, reason = "") => {
      const pressed = reason ? exchange.reason === reason : exchange.vote === vote;
      const given = { vote: pressed && !reason ? "none" : vote, reason: pressed ? "" : reason };
      return this.tool(words, (button) => this.vote(button, exchange, given), { "aria-pressed": String(pressed) });
    };
    const why = this.t.reasons.split("|").map((words, i) => choice(words, "down", REASONS[i]));
    const kept = this.session?.keeps_questions ? el("p.label", {}, this.t.with) : "";
    const group = exchange.vote === "down" ? el("div", { class: "tools why", role: "group", "aria-label": this.t.why }, el("p.label", {}, tied(this.t.why)), ...why, kept) : "";
    return el("div.tools", {}, this.tool(this.t.copy, (button) => this.copy(button, answer)), choice(this.t.helpful, "up"), choice(this.t.unhelpful, "down"), group);
  }

  /** Keep a vote and draw it, the focus staying where it was. */
  async vote(button, exchange, given) {
    const tools = button.closest(".reply>.tools");
    try {
      await this.call("/feedback", { answer_id: exchange.answer.id, ...given });
      Object.assign(exchange, given);
      this.keep();
      const at = [...tools.querySelectorAll("button")].indexOf(this.shadowRoot.activeElement);
      const drawn = this.tools(exchange);
      tools.replaceWith(drawn);
      drawn.querySelectorAll("button")[at]?.focus();
      drawn.scrollIntoView({ block: "nearest" });
    } catch (error) {
      tools.append(this.problem(error));
    }
  }

  /** The answer with its sources below, as text. */
  async copy(button, answer) {
    const quotes = answer.citations.filter((one) => !one.also_said).map((one) => `[${one.number}] ${[one.title, one.source, one.date, one.at, one.url].filter(Boolean).join(", ")}\n“${one.quote}”`);
    const text = [answer.status === "answered" ? answer.answer : answer.plain_answer.split("\n")[0], ...quotes].join("\n\n");
    try {
      await navigator.clipboard.writeText(text);
    } catch { // a page without TLS, or a frame
      const area = el("textarea.heard", {});
      area.value = text;
      button.after(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = this.t.copied;
  }

  short(answer) {
    const { text, gloss, label, citation, note } = answer.short_answer;
    return el("div.short", {}, el("p.label", {}, this.t.short, label ? el("b", { class: label }, this.t[label]) : ""), el("strong", {}, el("bdi", {}, text), " ", this.marker(citation)), gloss ? el("bdi", {}, gloss) : "", note ? el("p.label", spoken(answer.language), note) : "");
  }

  /** The answer's Markdown: paragraphs, lists, tables and, within, bold words; each sentence with its markers. */
  written(answer) {
    const text = el("div.text", { lang: tagOf(answer.language) });
    let last = { tag: "" };
    for (const sentence of answer.sentences) {
      const said = sentence.text.replace(/\s*\[\d{1,3}\]/g, "");
      const [mark, bullet, number, row, head] = /^\s*(?:([-*+•]\s)|(\d{1,3})[.)]\s|(\|)|(#{1,6}\s))?\s*/.exec(said);
      const tag = row ? "table" : bullet ? "ul" : number ? "ol" : "p";
      const apart = tag !== last.tag || /\n\n/.test(sentence.lead) || head || last.head;
      if (/^[\s|:-]*$/.test(said)) continue; // the rule below the head of a table
      const goesOn = !mark.trim() && last.block && sentence.lead !== "\n\n" && !last.head && last.tag !== "table" && (last.tag === "p" || sentence.lead === " ");
      if (!goesOn && (apart || tag === "p")) text.append((last = { tag, head, block: el(tag, { dir: "auto", start: number }) }).block);
      if (row) last.block.append(this.row(said, sentence));
      else if (tag === "p") (last.item && last.tag !== "p" ? last.item : last.block).append(...this.sentence(said.slice(mark.length), sentence));
      else last.block.append((last.item = el("li", { dir: "auto" }, ...this.sentence(said.slice(mark.length), sentence))));
      if (head) last.block.className = "head";
    }
    return text;
  }

  row(said, sentence) {
    const cells = said.trim().replace(/^\||\|$/g, "").split("|");
    return el("tr", {}, ...cells.map((cell, i) => el("td", { dir: "auto" }, ...(i < cells.length - 1 ? bold(cell.trim()) : this.sentence(cell.trim(), sentence)))));
  }

  sentence(words, sentence) {
    const doubt = sentence.unsupported;
    const shown = doubt ? [el("span.unsupported", { title: this.t.unsupported }, ...bold(words))] : bold(words);
    const told = doubt ? [el("span.heard", {}, ` (${this.t.unsupported})`)] : [];
    return [...shown, ...told, " ", ...sentence.citations.map((number) => this.marker(number)), " "];
  }

  marker(number) {
    const show = (event) => {
      const card = event.target.closest(".reply").querySelector(`[data-number="${Number(number)}"]`);
      if (card?.closest("details")) card.closest("details").open = true;
      card?.focus();
    };
    return el("bdi", {}, el("button.marker", { "aria-label": say(this.t.source, { n: number }), onclick: show }, String(number)));
  }

  /** Quotes of an answer, the words of its short answer marked. */
  cards(answer, quotes) {
    const found = answer.short_answer;
    const spans = (number) => (found?.citation === number ? [[found.start, found.end]] : []);
    return el("ol.cards", {}, ...quotes.map((one) => this.card(one, one.number, spans(one.number), answer.language)));
  }

  /** The button that asks for a translation of a quote, in whose place it then stands. */
  translation({ article_id, start, end }, language) {
    return this.tool(this.t.translate, async (ask) => {
      ask.disabled = true;
      try {
        ask.replaceWith(this.translated(await this.call("/translate", { article_id, start, end, language })));
      } catch (error) {
        ask.replaceWith(this.problem(error));
      }
    });
  }

  /** The whole article in place of the conversation, at its quote. */
  async open(button, source, answers) {
    button.disabled = true;
    const back = this.tool(this.t.back, () => this.leave());
    const parts = [];
    try {
      const article = await this.call(`/articles/${encodeURIComponent(source.article_id)}`);
      const points = Array.from(article.text);
      const [before, quote, after] = [[0, source.start], [source.start, source.end], [source.end]].map((span) => points.slice(...span).join(""));
      const exact = quote === source.quote ? el("span.quoted", {}, marked(source, answers, this.t.answers)) : quote;
      parts.push(...this.head(article), el("div.article", spoken(article.language), before, exact, after), this.original(article));
    } catch (error) {
      parts.push(this.problem(error));
    }
    button.disabled = false;
    this.returnTo = button;
    this.reader.replaceChildren(back, ...parts);
    this.log.hidden = !(this.reader.hidden = false);
    this.reader.querySelector(".quoted")?.scrollIntoView({ block: "center" });
    back.focus({ preventScroll: true });
  }

  /** Back from the article to where it was opened. */
  leave() {
    this.reader.hidden = !(this.log.hidden = false);
    this.returnTo.focus();
  }

  translated({ text, language, model, verified }) {
    const label = el("p.meta", {}, say(this.t.translated, { m: model.replace(/^llm:/, "") }));
    return el("div.translated", {}, label, el("p", spoken(language), text), verified ? "" : el("p.warn", {}, this.t.unsure));
  }

  /** What an article or a quote of it is called, and where it is from. */
  head(source) {
    const language = tagOf(source.language) && new Intl.DisplayNames(this.language, { type: "language" }).of(source.language);
    const facts = [[source.source, source.source_gloss && `(${source.source_gloss})`].filter(Boolean).join(" "), this.day(source.date), source.at, language].filter(Boolean).map((fact) => el("bdi", {}, fact));
    const also = source.also_in?.length ? [el("p.meta", {}, `${this.t.also_in} `, ...source.also_in.map((one) => el("bdi", {}, one)))] : [];
    return [el("h3", spoken(source.language), source.title_glosses?.length ? marked({ quote: source.title, start: 0, highlights: [], glosses: source.title_glosses }, []) : source.title || source.article_id), el("p.meta", {}, ...facts), ...also];
  }

  original({ url }) {
    return safeLink(url) ? el("a.tool", { href: url, target: "_blank", rel: "noopener noreferrer nofollow", referrerpolicy: "no-referrer" }, this.t.original) : "";
  }

  card(found, number, answers = [], wanted = "") {
    const source = { highlights: [], glosses: [], quote: found.text, ...found };
    const foreign = this.session?.translates && wanted && tagOf(source.language) && source.language !== wanted;
    const translation = source.translation ? this.translated(source.translation) : "";
    const attributes = number ? { class: "card", "data-number": number, tabindex: "-1" } : { class: "card plain" };
    const quote = el("blockquote", spoken(source.language), marked(source, answers, this.t.answers));
    const tools = [foreign && !translation ? this.translation(source, wanted) : "", this.tool(this.t.article, (button) => this.open(button, source, answers)), this.original(source)];
    return el("li", attributes, ...this.head(source), quote, translation, el("div.tools", {}, ...tools));
  }

  day(date) {
    const when = new Date(`${date}T12:00:00Z`);
    return when.getTime() ? new Intl.DateTimeFormat(this.language === "en" ? "en-GB" : this.language, { dateStyle: "long", timeZone: "UTC" }).format(when) : "";
  }

  /** What is no answer says so in the question's language: related quotes below it, or the nearest passages folded. */
  unanswered(answer, quotes) {
    const texts = TEXTS[answer.language] || this.t;
    const nearest = answer.status === "related" ? [] : answer.passages.slice(0, NEAREST).map((passage) => this.card(passage, 0));
    const list = nearest.length ? el("details", {}, el("summary", {}, say(texts.nearest, { n: nearest.length })), el("ol.cards", {}, ...nearest)) : "";
    const near = answer.status === "related";
    const title = answer.answerer === "guide" ? "" : el("strong", { dir: "auto" }, texts[answer.status]);
    const said = [title, el("p", {}, near ? answer.plain_answer.split("\n")[0] : answer.plain_answer)];
    return el("div", { class: near ? "related" : "refusal", dir: texts === TEXTS.ar ? "rtl" : "ltr", lang: tagOf(answer.language) }, ...said, ...(near ? quotes : [list]));
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
