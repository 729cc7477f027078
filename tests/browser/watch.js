// Before the page's own script: what goes wrong, and what it asks the network for.
"use strict";
const wrong = [];
addEventListener("error", (event) => wrong.push(`error: ${event.message || event.target.outerHTML}`), true);
addEventListener("unhandledrejection", (event) => wrong.push(`rejected: ${event.reason}`));
addEventListener("securitypolicyviolation", (event) => wrong.push(`blocked: ${event.blockedURI}`));
console.error = (...said) => wrong.push(`console: ${said.join(" ")}`);
