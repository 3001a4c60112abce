/* The page of articles: all it shows and does goes by the API. Text only ever becomes text nodes. */
(() => {
"use strict";

const TEXTS = {
  en: {name:"Isnad",pages:"Pages",questions:"Questions",articles:"Articles",admin:"Server",language:"Language of the page",theme:"Switch between light and dark",empty:"No articles yet",advice:"Questions are answered from articles. Drop some on this page, choose them below, or begin with the samples.",advice_reader:"Whoever runs this server has not added any.",samples:"Add the {n} sample articles",add:"Add articles",choose:"Choose files",or_drop:"or drop them here",kinds:"Text, Markdown, HTML, PDF, Word, JSON, CSV, feeds, archives and more; up to {mb} MB at once.",now:"Being indexed now",search:"Search in titles and sources",language_of:"Language",source:"Source",since:"From",until:"To",order:"Order",newest:"Newest first",oldest:"Oldest first",added:"Last added first",title:"By title",every:"All",clear:"Clear the filters",count:"Articles: {n}",none:"No article is like that.",before:"Previous",after:"Next",paging:"Pages of the list",span:"{a}–{b} of {n}",original:"Original page",remove:"Delete",remove_this:"Delete: {t}",removed:"Deleted: {t}",undo:"Undo",close:"Close",waiting:"Waiting",sending:"Sending",reading:"Reading",read_so_far:"Reading: articles so far {n}",done:"Added: {n}",replaced:"Replaced: {n}",unchanged:"Already there",partly:"{n} more could not be read",skipped:"Not read",failed:"Not read",too_large:"Larger than {mb} MB.",split:"Divide it, or index it with the command `python -m rag index`.",away:"The server cannot be reached. Try again in a moment.",sign_in:"Your session is over. Load the page again to sign in.",busy:"The server is busy. Try again in a moment.",other:"That did not work.",upload:"Upload"},
  fr: {name:"Isnad",pages:"Pages",questions:"Questions",articles:"Articles",admin:"Serveur",language:"Langue de la page",theme:"Passer du clair au sombre",empty:"Pas encore d’articles",advice:"Les réponses viennent des articles. Déposez-en sur cette page, choisissez-les ci-dessous ou commencez par les exemples.",advice_reader:"L’administrateur de ce serveur n’en a pas encore ajouté.",samples:"Ajouter les {n} articles d’exemple",add:"Ajouter des articles",choose:"Choisir des fichiers",or_drop:"ou les déposer ici",kinds:"Texte, Markdown, HTML, PDF, Word, JSON, CSV, flux, archives, etc. ; jusqu’à {mb} Mo à la fois.",now:"En cours d’indexation",search:"Chercher dans les titres et les sources",language_of:"Langue",source:"Source",since:"Du",until:"Au",order:"Ordre",newest:"Les plus récents",oldest:"Les plus anciens",added:"Les derniers ajoutés",title:"Par titre",every:"Toutes",clear:"Effacer les filtres",count:"Articles : {n}",none:"Aucun article de ce genre.",before:"Précédents",after:"Suivants",paging:"Pages de la liste",span:"{a}–{b} sur {n}",original:"Page d’origine",remove:"Supprimer",remove_this:"Supprimer : {t}",removed:"Supprimé : {t}",undo:"Annuler",close:"Fermer",waiting:"En attente",sending:"Envoi",reading:"Lecture",read_so_far:"Lecture : {n} articles jusqu’ici",done:"Ajoutés : {n}",replaced:"Remplacés : {n}",unchanged:"Déjà présent",partly:"{n} autres n’ont pas pu être lus",skipped:"Non lu",failed:"Non lu",too_large:"Plus de {mb} Mo.",split:"Divisez-le, ou indexez-le par la commande `python -m rag index`.",away:"Le serveur est injoignable. Réessayez dans un instant.",sign_in:"Votre session est terminée. Rechargez la page pour vous connecter.",busy:"Le serveur est occupé. Réessayez dans un instant.",other:"Cela n’a pas fonctionné.",upload:"Envoi"},
  ar: {name:"إسناد",pages:"الصفحات",questions:"الأسئلة",articles:"المقالات",admin:"الخادم",language:"لغة الصفحة",theme:"بدّل بين الفاتح والداكن",empty:"لا مقالات بعد",advice:"تأتي الأجوبة من المقالات. أفلت ملفات في هذه الصفحة، أو اخترها أدناه، أو ابدأ بالأمثلة.",advice_reader:"لم يضف القائم على هذا الخادم أي مقال بعد.",samples:"أضف المقالات النموذجية ({n})",add:"أضف مقالات",choose:"اختر ملفات",or_drop:"أو أفلتها هنا",kinds:"نصوص وMarkdown وHTML وPDF وWord وJSON وCSV وخلاصات وأرشيفات وغيرها، حتى {mb} م.ب. في المرة.",now:"قيد الفهرسة الآن",search:"ابحث في العناوين والمصادر",language_of:"اللغة",source:"المصدر",since:"من",until:"إلى",order:"الترتيب",newest:"الأحدث أولا",oldest:"الأقدم أولا",added:"آخر ما أضيف أولا",title:"حسب العنوان",every:"الكل",clear:"امسح المرشحات",count:"المقالات: {n}",none:"لا مقال كهذا.",before:"السابق",after:"التالي",paging:"صفحات القائمة",span:"{a}–{b} من {n}",original:"الصفحة الأصلية",remove:"احذف",remove_this:"احذف: {t}",removed:"حُذف: {t}",undo:"تراجع",close:"إغلاق",waiting:"في الانتظار",sending:"جارٍ الإرسال",reading:"جارٍ القراءة",read_so_far:"جارٍ القراءة: {n} من المقالات حتى الآن",done:"أضيف: {n}",replaced:"استبدل: {n}",unchanged:"موجود من قبل",partly:"تعذرت قراءة {n} أخرى",skipped:"لم يُقرأ",failed:"لم يُقرأ",too_large:"أكبر من {mb} م.ب.",split:"قسّمه، أو فهرسه بالأمر `python -m rag index`.",away:"تعذّر الوصول إلى الخادم. أعد المحاولة بعد قليل.",sign_in:"انتهت جلستك. أعد تحميل الصفحة لتسجيل الدخول.",busy:"الخادم مشغول. أعد المحاولة بعد قليل.",other:"تعذّر ذلك.",upload:"رفع"},
};
/** What the server says of files most, by its own words, numbers aside; what is not here stays in English. */
const REASONS = {
  "It is empty.": {fr:"Il est vide.",ar:"الملف فارغ."},
  "It holds no text.": {fr:"Il ne contient pas de texte.",ar:"لا نص فيه."},
  "It holds no text; pictures of text are not read.": {fr:"Il ne contient pas de texte ; les images de texte ne sont pas lues.",ar:"لا نص فيه، وصور النصوص لا تُقرأ."},
  "The page has no text.": {fr:"La page n’a pas de texte.",ar:"لا نص في الصفحة."},
  "It is of a kind that is not read.": {fr:"Ce genre de fichier n’est pas lu.",ar:"هذا نوع من الملفات لا يُقرأ."},
  "It is locked with a password.": {fr:"Il est protégé par un mot de passe.",ar:"هو محمي بكلمة سر."},
  "It is encrypted.": {fr:"Il est chiffré.",ar:"هو مشفّر."},
  "It is damaged.": {fr:"Il est endommagé.",ar:"هو تالف."},
  "It is cut off or damaged.": {fr:"Il est tronqué ou endommagé.",ar:"هو مبتور أو تالف."},
  "It is not a readable sheet: cut off or damaged.": {fr:"Ce n’est pas une feuille lisible : tronquée ou endommagée.",ar:"ليس جدولا مقروءا: مبتور أو تالف."},
  "It is an old office document (.doc, .xls, .ppt), whatever its name says.": {fr:"C’est un ancien document bureautique (.doc, .xls, .ppt), quoi qu’en dise son nom.",ar:"هو مستند مكتبي قديم (‎.doc و‎.xls و‎.ppt) مهما كان اسمه."},
  "It is larger than {n} MB.": {fr:"Il dépasse {n} Mo.",ar:"هو أكبر من {n} م.ب."},
  "It has {n} MB, more than {n} MB.": {fr:"Il fait {n} Mo, plus que {n} Mo.",ar:"حجمه {n} م.ب.، أكثر من {n} م.ب."},
  "It is longer than {n} characters.": {fr:"Il dépasse {n} caractères.",ar:"هو أطول من {n} محرف."},
  "It has {n} pages, more than {n}.": {fr:"Il a {n} pages, plus que {n}.",ar:"صفحاته {n}، أكثر من {n}."},
  "It holds more than {n} files.": {fr:"Il contient plus de {n} fichiers.",ar:"فيه أكثر من {n} ملف."},
  "It is no article, but an error page, a bot check or a wall of consent.": {fr:"Ce n’est pas un article, mais une page d’erreur, un contrôle anti-robots ou une demande de consentement.",ar:"ليس مقالا، بل صفحة خطأ أو تحقق من الروبوتات أو طلب موافقة."},
  "It is marked as a draft: it was not published.": {fr:"C’est un brouillon : il n’a pas été publié.",ar:"هو مسودة لم تُنشر."},
  "Reading it took too much memory or time.": {fr:"Sa lecture demande trop de mémoire ou de temps.",ar:"قراءته تتطلب ذاكرة أو وقتا أكثر مما يجوز."},
  "Its fonts do not tell which letters they draw.": {fr:"Ses polices ne disent pas quelles lettres elles dessinent.",ar:"خطوطه لا تبيّن أي الحروف ترسم."},
  "Remove it, or fetch it again.": {fr:"Retirez-le, ou récupérez-le à nouveau.",ar:"احذفه أو اجلبه من جديد."},
  "Recognise its text (OCR) first.": {fr:"Faites d’abord reconnaître son texte (OCR).",ar:"تعرّف على نصه ضوئيا (OCR) أولا."},
  "Save the page as the browser shows it, scripts having run.": {fr:"Enregistrez la page telle que le navigateur l’affiche, scripts exécutés.",ar:"احفظ الصفحة كما يعرضها المتصفح بعد تشغيل نصوصها البرمجية."},
  "Save the page anew, as a browser shows it to you.": {fr:"Enregistrez à nouveau la page, telle qu’un navigateur vous la montre.",ar:"احفظ الصفحة من جديد كما يعرضها لك المتصفح."},
  "Save a copy without the password.": {fr:"Enregistrez une copie sans mot de passe.",ar:"احفظ نسخة بلا كلمة سر."},
  "Save a copy without encryption.": {fr:"Enregistrez une copie non chiffrée.",ar:"احفظ نسخة غير مشفّرة."},
  "Copy or download it again.": {fr:"Copiez-le ou téléchargez-le à nouveau.",ar:"انسخه أو نزّله من جديد."},
  "Save it as .docx, .xlsx or .pptx.": {fr:"Enregistrez-le en .docx, .xlsx ou .pptx.",ar:"احفظه بصيغة ‎.docx أو ‎.xlsx أو ‎.pptx."},
  "Save it again with the program that made it.": {fr:"Enregistrez-le à nouveau avec le programme qui l’a produit.",ar:"احفظه من جديد بالبرنامج الذي صنعه."},
  "Save it again from a spreadsheet.": {fr:"Enregistrez-le à nouveau depuis un tableur.",ar:"احفظه من جديد من برنامج جداول."},
  "Split it into smaller files.": {fr:"Divisez-le en fichiers plus petits.",ar:"قسّمه إلى ملفات أصغر."},
  "Split it into articles.": {fr:"Divisez-le en articles.",ar:"قسّمه إلى مقالات."},
  "Unpack it into a folder.": {fr:"Décompressez-le dans un dossier.",ar:"فكّ ضغطه في مجلد."},
  "If you trust it, save it as plain text.": {fr:"Si vous lui faites confiance, enregistrez-le en texte brut.",ar:"إن كنت تثق به فاحفظه نصا بسيطا."},
};
const PAGE = 50;
const TOGETHER = 20; // files sent at once
const UNDO_MS = 8000;
const LOOK_MS = 800;

const root = document.documentElement;
const $ = (id) => document.getElementById(id);
const form = $("find");
const filters = ["words", "languages", "sources", "since", "until", "order"];
const state = { offset: 0, library: null, rows: [], removing: null, sending: 0 };
let t = TEXTS.en;

function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value || value === 0) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

const say = (text, values = {}) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
/** A sentence of the server in the language of the page, where it is known. */
function inWords(sentence, dir = "") {
  const numbers = sentence.match(/\d[\d,]*/g) || [];
  const known = REASONS[sentence.replace(/\d[\d,]*/g, "{n}")]?.[root.lang];
  return el("span", { dir, lang: !known && "en" }, known ? known.replace(/\{n\}/g, () => numbers.shift()) : sentence);
}

const tagOf = (code) => /^[a-z]{2,3}$/.test(code) && code !== "und" && code;
const nameOf = (code) => (tagOf(code) ? new Intl.DisplayNames(root.lang, { type: "language" }).of(code) : "");
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const kept = (name, value) => { try { return value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value); } catch { return null; } };

function day(date) {
  const when = new Date(`${date}T12:00:00Z`);
  return when.getTime() ? new Intl.DateTimeFormat(root.lang === "en" ? "en-GB" : root.lang, { dateStyle: "long", timeZone: "UTC" }).format(when) : "";
}

// ---- the server ----

/** What went wrong, in the reader's language where it has words for it. */
class Trouble extends Error {}

async function troubleOf(status, body) {
  if (status === 401) return new Trouble(t.sign_in);
  if (status === 429 || status === 503) return new Trouble(t.busy);
  const told = body?.error;
  return new Trouble(told ? `${told.message} ${told.hint}` : t.other);
}

async function call(path, options = {}) {
  let response;
  try {
    response = await fetch(`/api/v1/${path}`, { credentials: "same-origin", cache: "no-store", ...options });
  } catch {
    throw new Trouble(t.away);
  }
  const body = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) throw await troubleOf(response.status, body);
  return body;
}

/** Does `work`; what goes wrong is shown until something goes right. */
async function trying(work) {
  try {
    const done = await work(); // no argument: `look` takes one
    $("problem").hidden = true;
    return done;
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    $("problem").textContent = error.message;
    $("problem").hidden = false;
  }
}

// ---- the list ----

function asked() {
  const given = [...new FormData(form)].filter(([name, value]) => value && !(name === "order" && value === "newest"));
  return new URLSearchParams(given);
}

async function list() {
  const query = asked();
  $("find").querySelector("[type=reset]").hidden = !query.size;
  history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}${location.hash}`);
  query.set("offset", state.offset);
  query.set("limit", PAGE);
  const found = await call(`articles?${query}`);
  state.rows = found.articles;
  state.total = found.total;
  if (!found.articles.length && state.offset) {
    state.offset = Math.max(0, state.offset - PAGE);
    return list();
  }
  draw();
}

function draw() {
  const shown = state.rows.filter((row) => row.id !== state.removing?.row.id);
  const total = state.total - (state.rows.length - shown.length);
  $("list").replaceChildren(...shown.map(rowOf));
  $("count").textContent = total ? say(t.count, { n: total }) : state.library?.articles ? t.none : "";
  $("paging").hidden = state.total <= PAGE;
  $("span").textContent = say(t.span, { a: state.offset + 1, b: state.offset + state.rows.length, n: state.total });
  $("before").disabled = !state.offset;
  $("after").disabled = state.offset + PAGE >= state.total;
}

function metaOf(article) {
  return [article.source, day(article.date) || article.date, nameOf(article.language)].filter(Boolean).map((fact) => el("bdi", {}, fact));
}

function original({ url }) {
  return /^https?:\/\//i.test(url) ? [el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, t.original)] : [];
}

function rowOf(article) {
  const title = article.title || article.origin || article.id;
  const open = el("button", { type: "button", class: "open", onclick: () => read(article.id) }, el("bdi", { lang: tagOf(article.language) }, title));
  const remove = state.library?.may_delete ? [el("button", { type: "button", "aria-label": say(t.remove_this, { t: title }), onclick: () => removeSoon(article) }, t.remove)] : [];
  return el("li", { "data-id": article.id }, el("div", { class: "what" }, open, el("p", { class: "meta" }, ...metaOf(article))), el("div", { class: "actions" }, ...original(article), ...remove));
}

async function read(id) {
  const article = await trying(() => call(`articles/${encodeURIComponent(id)}`));
  if (!article) return;
  const dialog = $("reader");
  $("reader-title").replaceChildren(el("bdi", { lang: tagOf(article.language) }, article.title || article.origin));
  dialog.querySelector(".meta").replaceChildren(...metaOf(article), ...original(article).map((link) => el("bdi", {}, link)));
  const text = dialog.querySelector(".text");
  text.textContent = article.text;
  text.lang = tagOf(article.language) || "";
  history.replaceState(null, "", `#article=${encodeURIComponent(id)}`);
  if (!dialog.open) dialog.showModal();
  text.scrollTop = 0;
  $("reader-title").focus();
}

// ---- deleting: the server is told once nobody can undo it any more ----

function removeSoon(row) {
  const at = state.rows.indexOf(row);
  removeNow();
  const timer = setTimeout(removeNow, UNDO_MS);
  state.removing = { row, timer };
  $("undo").firstElementChild.textContent = say(t.removed, { t: row.title || row.id });
  $("undo").hidden = false;
  draw();
  ($("list").children[at] ?? $("list").lastElementChild)?.querySelector("button").focus();
}

function settle() {
  const { row, timer } = state.removing;
  clearTimeout(timer);
  state.removing = null;
  $("undo").hidden = true;
  return row;
}

function removeNow() {
  if (!state.removing) return;
  const row = settle();
  state.rows = state.rows.filter((one) => one !== row);
  state.total -= 1;
  return trying(async () => {
    try {
      await call(`articles/${encodeURIComponent(row.id)}`, { method: "DELETE", keepalive: true });
    } finally {
      await look(true);
    }
  });
}

function undo() {
  const row = settle();
  draw();
  $("list").querySelector(`[data-id="${CSS.escape(row.id)}"] button`)?.focus();
}

// ---- adding ----

/** Files into batches that the server takes at once. */
function batchesOf(items, bytes) {
  const batches = [];
  let size = Infinity;
  for (const item of items) {
    if (size + item.file.size > bytes || batches.at(-1).length === TOGETHER) {
      batches.push([]);
      size = 0;
    }
    batches.at(-1).push(item);
    size += item.file.size;
  }
  return batches;
}

function lineOf(file) {
  const bar = el("progress", { max: "1", value: "0", "aria-label": file.name });
  const told = el("span", { class: "state", role: "status" }, t.waiting);
  const line = el("li", {}, el("bdi", {}, file.name), told, bar);
  const tell = (words, kind = "", reasons = []) => {
    told.textContent = words;
    line.className = kind;
    if (kind) bar.replaceWith(...reasons.map((reason) => el("p", { class: "hint state-long", dir: "auto" }, ...[reason].flat())));
  };
  return { file, bar, line, tell };
}

async function add(files) {
  const mb = state.library.max_upload_mb;
  const bytes = mb * 1e6 - 1e5; // what encloses the files counts too
  const items = [...files].map(lineOf);
  $("sent").prepend(...items.map((item) => item.line));
  for (const item of items) if (item.file.size > bytes) item.tell(t.failed, "failed", [`${say(t.too_large, { mb })} ${t.split}`]);
  state.sending += 1;
  for (const batch of batchesOf(items.filter((item) => item.file.size <= bytes), bytes)) await send(batch);
  state.sending -= 1;
}

async function send(batch) {
  try {
    const job = await follow(await post(batch), (words) => batch.forEach((item) => item.tell(words)));
    for (const item of batch) tellReport(item, job.report);
  } catch (error) {
    for (const item of batch) item.tell(t.failed, "failed", [error instanceof Trouble ? error.message : t.other]);
  }
  await refresh();
}

/** Sends the files with their progress; where the server is busy, again when it says so. */
function post(batch) {
  const body = new FormData();
  for (const { file } of batch) body.append("files", file);
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/articles");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded }) => {
      let before = 0;
      for (const { file, bar, tell } of batch) {
        bar.value = file.size ? Math.min(1, Math.max(0, (loaded - before) / file.size)) : 1;
        tell(loaded > before ? t.sending : t.waiting);
        before += file.size;
      }
    };
    request.upload.onload = () => batch.forEach(({ bar, tell }) => { bar.removeAttribute("value"); tell(t.reading); });
    request.onerror = () => failed(new Trouble(t.away));
    request.onload = async () => {
      const wait = Number(request.getResponseHeader("Retry-After"));
      if (request.status === 202) done(request.response);
      else if ((request.status === 429 || request.status === 503) && wait) {
        batch.forEach(({ tell }) => tell(t.waiting));
        await pause(wait * 1000);
        done(post(batch));
      } else failed(await troubleOf(request.status, request.response));
    };
    request.send(body);
  });
}

/** The job once it is done. Throws Trouble where it failed. */
async function follow(job, tell) {
  while (job.state === "queued" || job.state === "running") {
    if (job.state === "queued") tell(t.waiting);
    else tell(job.progress?.articles ? say(t.read_so_far, { n: job.progress.articles }) : t.reading);
    await pause(LOOK_MS);
    job = await call(`jobs/${job.id}`);
  }
  if (job.error) throw new Trouble(`${job.error.message} ${job.error.hint}`);
  return job;
}

/** What became of one file: the report names what it holds by the file's name and what follows. */
function tellReport({ file, tell }, report) {
  const own = (origin) => origin === `uploads/${file.name}` || /^[/#:!]/.test(origin.slice(`uploads/${file.name}`.length)) && origin.startsWith(`uploads/${file.name}`);
  const [indexed, replaced, unchanged, duplicate] = ["indexed", "replaced", "unchanged", "duplicate"].map((name) => report[name].filter(own).length);
  const bad = [...report.failed, ...report.skipped].filter((each) => own(each.origin));
  const reasons = bad.slice(0, 5).map((each) => [bad.length > 1 ? el("bdi", {}, `${each.origin.slice("uploads/".length)}: `) : "", inWords(each.reason), " ", inWords(each.cure, "auto")]);
  const good = [indexed && say(t.done, { n: indexed }), replaced && say(t.replaced, { n: replaced }), unchanged + duplicate && t.unchanged].filter(Boolean);
  if (!good.length) return tell(t.failed, "failed", reasons.length ? reasons : [t.other]);
  tell([...good, bad.length && say(t.partly, { n: bad.length })].filter(Boolean).join(" · "), "done", reasons);
}

async function addSamples() {
  $("samples").disabled = true;
  const item = lineOf({ name: $("samples").textContent });
  $("sent").prepend(item.line);
  item.bar.removeAttribute("value");
  await trying(async () => {
    const job = await follow(await call("samples", { method: "POST" }), item.tell);
    item.tell(say(t.done, { n: job.report.counts.indexed }), "done");
  });
  $("samples").disabled = false;
  await refresh();
}

// ---- the page ----

async function refresh() {
  await trying(() => look(true));
}

/** What there is now; the list too where it changed. Throws Trouble. */
async function look(changed = false) {
  const before = state.library?.generation;
  state.library = await call("library");
  drawLibrary();
  if (changed || before !== state.library.generation) await list();
}

function drawLibrary() {
  const { articles, may_add, may_delete, max_upload_mb, samples, jobs, languages, sources } = state.library;
  $("to-admin").hidden = !may_delete;
  $("empty").hidden = articles > 0;
  $("find").hidden = !articles;
  $("advice").textContent = may_add ? t.advice : t.advice_reader;
  $("samples").hidden = !may_add || !samples;
  $("samples").textContent = say(t.samples, { n: samples });
  $("add").hidden = !may_add;
  $("kinds").textContent = say(t.kinds, { mb: max_upload_mb });
  choices(form.elements.languages, Object.keys(languages).map((code) => [code, nameOf(code) || code]));
  choices(form.elements.sources, Object.keys(sources).sort().map((name) => [name, name]));
  $("now").hidden = !jobs.length;
  $("jobs").replaceChildren(...jobs.map((job) => el("li", {}, el("bdi", {}, `${t.upload}, ${new Date(job.created).toLocaleTimeString(root.lang)}`), el("span", {}, job.state === "queued" ? t.waiting : say(t.read_so_far, { n: job.progress?.articles ?? 0 })))));
}

function choices(select, pairs) {
  const chosen = select.dataset.wanted ?? select.value;
  select.replaceChildren(el("option", { value: "" }, t.every), ...pairs.map(([value, words]) => el("option", { value }, words)));
  select.options[0].value = "";
  select.value = chosen;
  if (select.selectedIndex < 0) select.value = "";
  delete select.dataset.wanted;
}

function speak(language) {
  t = TEXTS[language];
  Object.assign(root, { lang: language, dir: language === "ar" ? "rtl" : "ltr" });
  document.title = `${t.articles} · ${t.name}`;
  for (const said of document.querySelectorAll("[data-say]")) said.textContent = t[said.dataset.say];
  for (const named of document.querySelectorAll("[data-label]")) named.setAttribute("aria-label", t[named.dataset.label]);
  for (const option of form.elements.order.options) option.textContent = t[option.value];
  for (const button of document.querySelectorAll(".languages button")) button.setAttribute("aria-pressed", button.lang === language);
  if (state.library) {
    drawLibrary();
    draw();
  }
}

function paint(theme) {
  root.classList.toggle("dark", theme === "dark");
  root.classList.toggle("light", theme === "light");
}

function listen() {
  let typed;
  const again = () => { state.offset = 0; trying(list); };
  form.addEventListener("input", ({ target }) => { clearTimeout(typed); typed = setTimeout(again, target.name === "words" ? 250 : 0); });
  form.addEventListener("reset", () => setTimeout(again));
  form.addEventListener("submit", (event) => event.preventDefault());
  const turn = (pages) => { state.offset += pages * PAGE; trying(list).then(() => scrollTo(0, 0)); };
  $("before").addEventListener("click", () => turn(-1));
  $("after").addEventListener("click", () => turn(1));
  $("undo").lastElementChild.addEventListener("click", undo);
  $("samples").addEventListener("click", addSamples);
  $("files").addEventListener("change", ({ target }) => { add(target.files); target.value = ""; });
  $("close").addEventListener("click", () => $("reader").close());
  $("reader").addEventListener("click", ({ target }) => target === $("reader") && $("reader").close());
  $("reader").addEventListener("close", () => history.replaceState(null, "", location.pathname + location.search));
  $("theme").addEventListener("click", () => {
    const dark = root.classList.contains("dark") || (!root.classList.contains("light") && matchMedia("(prefers-color-scheme: dark)").matches);
    kept("isnad-theme", dark ? "light" : "dark");
    paint(dark ? "light" : "dark");
  });
  document.querySelector(".languages").addEventListener("click", ({ target }) => { if (target.lang) { kept("isnad-language", target.lang); speak(target.lang); } });
  addEventListener("dragover", (event) => { event.preventDefault(); $("drop").classList.toggle("over", Boolean(state.library?.may_add)); });
  addEventListener("dragleave", ({ relatedTarget }) => relatedTarget || $("drop").classList.remove("over"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    $("drop").classList.remove("over");
    if (state.library?.may_add && event.dataTransfer.files.length) add(event.dataTransfer.files);
  });
  addEventListener("pagehide", removeNow);
  addEventListener("beforeunload", (event) => state.sending && event.preventDefault());
}

async function begin() {
  const wanted = [kept("isnad-language"), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  paint(kept("isnad-theme"));
  speak(wanted.find((tag) => tag in TEXTS) ?? "en");
  const query = new URLSearchParams(location.search);
  for (const name of filters) {
    if (!query.has(name)) continue;
    form.elements[name].value = query.get(name);
    form.elements[name].dataset.wanted = query.get(name);
  }
  listen();
  await refresh();
  const opened = /^#article=(.+)$/.exec(location.hash);
  if (opened) read(decodeURIComponent(opened[1]));
  for (;;) { // what others add is seen too
    await pause(state.library?.jobs.length ? 2000 : 30000);
    if (!document.hidden && !state.sending && !$("reader").open && !state.removing) await trying(look);
  }
}

begin();
})();
