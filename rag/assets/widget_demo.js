/* The demo: options to attributes, attributes to a live widget and to the snippet. */
"use strict";

const options = document.getElementById("options");
const snippet = document.getElementById("snippet");
const DEFAULT_ACCENT = "#0b5a57";

function chosen() {
  const values = Object.fromEntries(new FormData(options));
  const open = values.open ? "true" : "";
  const accent = values.accent === DEFAULT_ACCENT ? "" : values.accent;
  const entries = Object.entries({ ...values, open, accent, "page-dir": "" });
  return entries.filter(([, value]) => value);
}

function escapeAttribute(value) {
  return value.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
}

function show() {
  const attributes = chosen();
  document.documentElement.dir = options.elements["page-dir"].checked ? "rtl" : "ltr";
  document.querySelectorAll("isnad-chat").forEach((old) => old.remove());
  const chat = document.createElement("isnad-chat");
  for (const [name, value] of attributes) chat.setAttribute(name === "title" ? "heading" : name, value);
  const inline = chat.getAttribute("mode") === "inline";
  (inline ? document.getElementById("place") : document.body).append(chat);

  const given = attributes.map(([name, value]) => `\n  data-${name}="${escapeAttribute(value)}"`);
  if (!options.elements["embed-id"].value) given.unshift('\n  data-embed-id=""');
  snippet.value = `<script src="${location.origin}/widget.js"${given.join("")}></script>`;
}

options.addEventListener("change", show);
document.getElementById("copy").addEventListener("click", async () => {
  snippet.select();
  await navigator.clipboard.writeText(snippet.value);
  document.getElementById("copied").textContent = "Copied";
});
show();
