/* The operator's page: what GET /api/v1/admin tells, drawn anew now and then. Text only ever becomes text nodes. */
(() => {
"use strict";

const TEXTS = {
  en: {name:"Isnad",pages:"Pages",questions:"Questions",articles:"Articles",admin:"Server",language:"Language of the page",theme:"Switch between light and dark",index:"Index",generation:"Generation",passages:"Passages",encoder:"Encoder",answerer:"Answers by",model_failures:"Failures of the model in a row",outcomes:"What came of questions",answered:"Answered",related:"Related",not_found:"Refused",by_language:"Articles by language",by_source:"Articles by source",days:"Questions a day",day:"Day",stages:"Stages, slowest first",stage:"Stage",mean:"Mean",times:"Times",problems:"Last errors and refusals",when:"When",what:"What",route:"Route",jobs:"Uploads",queued:"Waiting",running:"Being read",done:"Done",failed:"Failed",cancelled:"Ended",counted:"added {indexed}, replaced {replaced}, not read {bad}",keys:"Keys",embeds:"Embeds",none:"None.",no_keys:"There is no key: whoever uses this machine may do everything.",revoke:"Revoke",sure:"Revoke for good?",revoke_this:"Revoke {t}",a_minute:"{n} a minute",nowhere:"no site",others:"Others",since_start:"Questions, stages and errors are counted since the server was started; no question is kept.",away:"The server cannot be reached. Try again in a moment.",sign_in:"Your session is over. Load the page again to sign in.",other:"That did not work."},
  fr: {name:"Isnad",pages:"Pages",questions:"Questions",articles:"Articles",admin:"Serveur",language:"Langue de la page",theme:"Passer du clair au sombre",index:"Index",generation:"Génération",passages:"Passages",encoder:"Encodeur",answerer:"Réponses par",model_failures:"Échecs du modèle de suite",outcomes:"Ce que sont devenues les questions",answered:"Répondues",related:"Proches",not_found:"Refusées",by_language:"Articles par langue",by_source:"Articles par source",days:"Questions par jour",day:"Jour",stages:"Étapes, la plus lente d’abord",stage:"Étape",mean:"Moyenne",times:"Fois",problems:"Dernières erreurs et derniers refus",when:"Quand",what:"Quoi",route:"Route",jobs:"Envois",queued:"En attente",running:"En lecture",done:"Terminé",failed:"Échoué",cancelled:"Arrêté",counted:"ajoutés {indexed}, remplacés {replaced}, non lus {bad}",keys:"Clés",embeds:"Intégrations",none:"Rien.",no_keys:"Il n’y a pas de clé : quiconque utilise cette machine peut tout faire.",revoke:"Révoquer",sure:"Révoquer pour de bon ?",revoke_this:"Révoquer {t}",a_minute:"{n} par minute",nowhere:"aucun site",others:"Autres",since_start:"Questions, étapes et erreurs sont comptées depuis le démarrage du serveur ; aucune question n’est gardée.",away:"Le serveur est injoignable. Réessayez dans un instant.",sign_in:"Votre session est terminée. Rechargez la page pour vous connecter.",other:"Cela n’a pas fonctionné."},
  ar: {name:"إسناد",pages:"الصفحات",questions:"الأسئلة",articles:"المقالات",admin:"الخادم",language:"لغة الصفحة",theme:"بدّل بين الفاتح والداكن",index:"الفهرس",generation:"الإصدار",passages:"المقاطع",encoder:"المرمّز",answerer:"يجيب",model_failures:"إخفاقات النموذج المتتالية",outcomes:"ما آلت إليه الأسئلة",answered:"أُجيب عنها",related:"قريبة",not_found:"رُفضت",by_language:"المقالات حسب اللغة",by_source:"المقالات حسب المصدر",days:"الأسئلة في اليوم",day:"اليوم",stages:"المراحل، الأبطأ أولا",stage:"المرحلة",mean:"المتوسط",times:"المرات",problems:"آخر الأخطاء وحالات الرفض",when:"متى",what:"ماذا",route:"المسار",jobs:"الملفات المرفوعة",queued:"في الانتظار",running:"قيد القراءة",done:"تم",failed:"أخفق",cancelled:"أُنهي",counted:"أضيف {indexed}، استبدل {replaced}، لم يُقرأ {bad}",keys:"المفاتيح",embeds:"التضمينات",none:"لا شيء.",no_keys:"لا مفتاح هنا: من يستخدم هذا الجهاز يفعل كل شيء.",revoke:"ألغِ",sure:"إلغاء نهائي؟",revoke_this:"ألغِ {t}",a_minute:"{n} في الدقيقة",nowhere:"لا موقع",others:"غيرها",since_start:"تُعدّ الأسئلة والمراحل والأخطاء منذ بدء الخادم، ولا يُحفظ أي سؤال.",away:"تعذّر الوصول إلى الخادم. أعد المحاولة بعد قليل.",sign_in:"انتهت جلستك. أعد تحميل الصفحة لتسجيل الدخول.",other:"تعذّر ذلك."},
};
const OUTCOMES = ["answered", "related", "not_found"];
const LISTED = 8; // sources named; the rest is counted together
const LOOK_MS = 15000;

const root = document.documentElement;
const $ = (id) => document.getElementById(id);
let t = TEXTS.en;
let told = null;

function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value || value === 0) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const kept = (name, value) => { try { return value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value); } catch { return null; } };
const number = (value) => value.toLocaleString(root.lang);
const moment = (iso) => new Date(iso).toLocaleString(root.lang === "en" ? "en-GB" : root.lang, { dateStyle: "medium", timeStyle: "short" });
const nameOf = (code) => (/^[a-z]{2,3}$/.test(code) && code !== "und" ? new Intl.DisplayNames(root.lang, { type: "language" }).of(code) : code);

// ---- the server ----

/** Its answer, or null with the problem shown. */
async function call(path, options = {}) {
  let problem = t.away;
  try {
    const response = await fetch(`/api/v1/${path}`, { credentials: "same-origin", cache: "no-store", ...options });
    const body = response.status === 204 ? {} : await response.json();
    if (response.ok) {
      $("problem").hidden = true;
      return body;
    }
    problem = response.status === 401 ? t.sign_in : body.error ? `${body.error.message} ${body.error.hint}` : t.other;
  } catch { /* it is away */ }
  $("problem").textContent = problem;
  $("problem").hidden = false;
  return null;
}

async function look() {
  const found = await call("admin");
  if (!found) return;
  told = found;
  draw();
}

// ---- what is shown ----

function fill(id, ...children) {
  $(id).replaceChildren(...children);
}

/** A table of cells; a number stands at the end, an object is {bar, of}. */
function table(rows, heads = []) {
  if (!rows.length) return el("p", { class: "empty" }, t.none);
  const cell = (value) => {
    if (typeof value === "number") return el("td", { class: "number" }, number(value));
    if (value instanceof Node) return el("td", {}, value);
    if (value.of !== undefined) return el("td", { class: "bar" }, el("meter", { min: 0, max: value.of || 1, value: value.bar, "aria-label": value.words }));
    return el("td", value.end ? { class: "number" } : {}, el("bdi", {}, value.end ?? value));
  };
  const lines = rows.map(([first, ...rest]) => el("tr", {}, el("th", { scope: "row" }, el("bdi", {}, first)), ...rest.map(cell)));
  const head = heads.length ? [el("thead", {}, el("tr", {}, ...heads.map((words) => el("th", { scope: "col" }, words))))] : [];
  return el("table", {}, ...head, el("tbody", {}, ...lines));
}

/** Names with their counts, the largest first, each with a bar. */
function counted(counts) {
  const all = Object.entries(counts).sort(([, one], [, other]) => other - one);
  const rest = all.slice(LISTED).reduce((sum, [, count]) => sum + count, 0);
  const shown = all.slice(0, LISTED).map(([name, count]) => [name || "–", { bar: count, of: all[0][1], words: name || "–" }, count]);
  return table(rest ? [...shown, [t.others, "", rest]] : shown);
}

function shares() {
  const sum = OUTCOMES.reduce((all, name) => all + (told.outcomes[name] ?? 0), 0);
  const percent = (count) => (count / (sum || 1)).toLocaleString(root.lang, { style: "percent", maximumFractionDigits: 1 });
  return table(sum ? OUTCOMES.map((name) => {
    const count = told.outcomes[name] ?? 0;
    return [t[name], { bar: count, of: sum, words: t[name] }, { end: percent(count) }, count];
  }) : []);
}

function draw() {
  const { index, days, stages, problems, jobs } = told;
  const facts = ["generation", "articles", "passages", "encoder", "answerer", ...(index.model_failures ? ["model_failures"] : [])];
  fill("index", ...facts.flatMap((name) => [el("dt", {}, t[name]), el("dd", {}, el("bdi", {}, typeof index[name] === "number" ? number(index[name]) : index[name]))]));
  fill("outcomes", shares());
  fill("languages", counted(Object.fromEntries(Object.entries(index.languages).map(([code, count]) => [nameOf(code), count]))));
  fill("sources", counted(index.sources));
  const day = (iso) => new Date(`${iso}T12:00:00Z`).toLocaleDateString(root.lang === "en" ? "en-GB" : root.lang, { dateStyle: "medium", timeZone: "UTC" });
  fill("days", table(days.map((each) => [day(each.day), ...OUTCOMES.map((name) => each[name] ?? 0)]), [t.day, ...OUTCOMES.map((name) => t[name])]));
  fill("stages", table(stages.map(({ stage, ms, count }) => [stage, { end: `${number(ms)} ms` }, count]), [t.stage, t.mean, t.times]));
  fill("problems", table(problems.map(({ time, route, status, code }) => [moment(time), el("code", { dir: "ltr" }, `${status} ${code}`), route]), [t.when, t.what, t.route]));
  fill("jobs-list", table(jobs.map(({ created, state, counts, error }) => [moment(created), t[state], error ? error.message : counts ? say(t.counted, { ...counts, bad: counts.failed + counts.skipped }) : ""])));
  fill("keys", ...listed(told.keys, "keys", ({ scopes }) => scopes.join(", ")));
  fill("embeds", ...listed(told.embeds, "embeds", ({ origins, per_minute }) => `${origins.join(", ") || t.nowhere} · ${say(t.a_minute, { n: number(per_minute) })}`));
}

function listed(all, kind, about) {
  if (!all.length) return [el("li", { class: "empty" }, kind === "keys" ? t.no_keys : t.none)];
  return all.map((each) => {
    const facts = el("p", { class: "meta" }, el("bdi", {}, about(each)), el("bdi", {}, el("code", {}, each.id)), el("bdi", {}, moment(each.created)));
    const named = each.name || each.id;
    const revoke = el("button", { type: "button", "aria-label": say(t.revoke_this, { t: named }), onclick: () => take(revoke, kind, each.id) }, t.revoke);
    return el("li", { "data-id": each.id }, el("div", {}, el("bdi", {}, named), facts), revoke);
  });
}

/** A second click is meant. */
async function take(button, kind, id) {
  if (!button.classList.contains("is-sure")) {
    button.classList.add("is-sure");
    button.textContent = t.sure;
    button.removeAttribute("aria-label");
    return;
  }
  if (await call(`${kind}/${encodeURIComponent(id)}/revoke`, { method: "POST" })) await look();
}

// ---- the page ----

function speak(language) {
  t = TEXTS[language];
  Object.assign(root, { lang: language, dir: language === "ar" ? "rtl" : "ltr" });
  document.title = `${t.admin} · ${t.name}`;
  for (const said of document.querySelectorAll("[data-say]")) said.textContent = t[said.dataset.say];
  for (const named of document.querySelectorAll("[data-label]")) named.setAttribute("aria-label", t[named.dataset.label]);
  for (const button of document.querySelectorAll(".languages button")) button.setAttribute("aria-pressed", button.lang === language);
  if (told) draw();
}

function paint(theme) {
  root.classList.toggle("dark", theme === "dark");
  root.classList.toggle("light", theme === "light");
}

async function begin() {
  const wanted = [kept("isnad-language"), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  paint(kept("isnad-theme"));
  speak(wanted.find((tag) => tag in TEXTS) ?? "en");
  $("theme").addEventListener("click", () => {
    const dark = root.classList.contains("dark") || (!root.classList.contains("light") && matchMedia("(prefers-color-scheme: dark)").matches);
    kept("isnad-theme", dark ? "light" : "dark");
    paint(dark ? "light" : "dark");
  });
  document.querySelector(".languages").addEventListener("click", ({ target }) => { if (target.lang) { kept("isnad-language", target.lang); speak(target.lang); } });
  for (;;) {
    if (!document.hidden && !document.querySelector(".is-sure")) await look();
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

begin();
})();
