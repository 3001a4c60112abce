/* Starts Swagger UI and gives what it draws the names, levels and focus that it leaves out. */
(() => {
"use strict";
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", validatorUrl: null });

function mend() {
  const every = (selector, act) => document.querySelectorAll(selector).forEach(act);
  const levels = { "h3.opblock-tag, .models > h4": 2, ".opblock h4": 3, ".opblock h5": 4 };
  for (const [headings, level] of Object.entries(levels)) every(headings, (heading) => heading.setAttribute("aria-level", level));
  every(".microlight", (code) => code.setAttribute("tabindex", "0"));
  every("select, textarea, input:not([type=file])", (field) => {
    const named = field.closest("tr, .opblock-section, .response, section")?.querySelector(".parameter__name, h4, .response-col_status");
    if (!field.labels?.length && !field.hasAttribute("aria-label")) field.setAttribute("aria-label", field.placeholder || named?.textContent || field.className);
  });
}

new MutationObserver(mend).observe(document.getElementById("docs"), { childList: true, subtree: true });
})();
