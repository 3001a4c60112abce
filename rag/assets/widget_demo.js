/* The demo: options to attributes, attributes to a live widget and to the snippet. */
"use strict";

const options = document.getElementById("options");
const snippet = document.getElementById("snippet");
const place = document.getElementById("place");
const copied = document.getElementById("copied");
const DEFAULT_ACCENT = "#0b5a57";
const ENGLISH = { copied: "Copied.", by_hand: "Selected: press Ctrl+C." };
const TEXTS = {
  en: ENGLISH, // the rest stands in the page
  fr: {
    heading: "Le widget Isnad",
    intro: "Choisissez son aspect, essayez-le sur cette page, puis copiez le code dans la vôtre.",
    embed_id: "Identifiant d’intégration",
    about_id: "Vide : la discussion de ce serveur, sur ses propres pages seulement. Pour un autre site :",
    language: "Langue",
    page_language: "celle de la page",
    mode: "Mode",
    launcher: "un bouton dans un coin",
    inline: "à sa place dans la page",
    position: "Coin",
    at_end: "en fin de ligne",
    at_start: "en début de ligne",
    theme: "Thème",
    readers: "celui du lecteur",
    light: "clair",
    dark: "sombre",
    accent: "Couleur d’accent",
    title: "Titre",
    greeting: "Message d’accueil",
    questions: "Questions",
    about_questions: "Séparées par |. Vide : celles des articles.",
    open: "Ouvrir d’emblée",
    snippet: "Code à copier",
    copy: "Copier",
    preview: "Aperçu",
    corner: "Le bouton attend dans le coin de cette page.",
    copied: "Copié.",
    by_hand: "Sélectionné : tapez Ctrl+C.",
  },
  ar: {
    heading: "أداة إسناد",
    intro: "اختر مظهرها، وجرّبها في هذه الصفحة، ثم انسخ الشيفرة إلى صفحتك.",
    embed_id: "معرّف التضمين",
    about_id: "فارغ: محادثة هذا الخادم، في صفحاته وحدها. ولموقع آخر:",
    language: "اللغة",
    page_language: "لغة الصفحة",
    mode: "الوضع",
    launcher: "زر في الزاوية",
    inline: "في مكانها من الصفحة",
    position: "الزاوية",
    at_end: "حيث تنتهي السطور",
    at_start: "حيث تبدأ السطور",
    theme: "السمة",
    readers: "سمة القارئ",
    light: "فاتحة",
    dark: "داكنة",
    accent: "لون التمييز",
    title: "العنوان",
    greeting: "التحية",
    questions: "الأسئلة",
    about_questions: "يفصل بينها |. فارغ: أسئلة المقالات.",
    open: "مفتوحة من البداية",
    snippet: "الشيفرة",
    copy: "انسخ",
    preview: "معاينة",
    corner: "الزر في زاوية هذه الصفحة.",
    copied: "نُسخت.",
    by_hand: "حُددت: اضغط Ctrl+C.",
  },
};

function chosen() {
  const values = Object.fromEntries(new FormData(options));
  const open = values.open ? "true" : "";
  const accent = values.accent === DEFAULT_ACCENT ? "" : values.accent;
  return Object.entries({ ...values, open, accent }).filter(([, value]) => value);
}

function escapeAttribute(value) {
  return value.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
}

function show() {
  const attributes = chosen();
  document.querySelectorAll("isnad-chat").forEach((old) => old.remove());
  const chat = document.createElement("isnad-chat");
  for (const [name, value] of attributes) chat.setAttribute(name === "title" ? "heading" : name, value);
  const inline = chat.getAttribute("mode") === "inline";
  document.getElementById("corner").hidden = inline;
  (inline ? place : document.body).append(chat);

  const given = attributes.map(([name, value]) => `\n  data-${name}="${escapeAttribute(value)}"`);
  if (!options.elements["embed-id"].value) given.unshift('\n  data-embed-id=""');
  snippet.value = `<script src="${location.origin}/widget.js"${given.join("")}></script>`;
  copied.textContent = "";
}

/** The page in another language; the widget follows it unless it is told otherwise. */
function speak(language) {
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  for (const said of document.querySelectorAll("[data-say]")) {
    const name = said.dataset.say;
    ENGLISH[name] ??= said.textContent;
    said.textContent = TEXTS[language][name];
  }
  document.title = TEXTS[language].heading;
  snippet.setAttribute("aria-label", TEXTS[language].snippet);
  for (const button of document.querySelectorAll("#languages button")) button.setAttribute("aria-pressed", button.lang === language);
  show();
}

options.addEventListener("change", show);
document.getElementById("languages").addEventListener("click", (event) => event.target.lang && speak(event.target.lang));
document.getElementById("copy").addEventListener("click", async () => {
  snippet.select();
  const texts = TEXTS[document.documentElement.lang];
  try {
    await navigator.clipboard.writeText(snippet.value);
    copied.textContent = texts.copied;
  } catch {
    copied.textContent = texts.by_hand; // without HTTPS a page may not write to the clipboard
  }
});
const wanted = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in TEXTS);
speak(wanted || "en");
