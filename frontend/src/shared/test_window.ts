/** Tests of the running centre look inside through `window.__hotline`; only where the test has asked for it. */
export function exposeToTests(parts: object): void {
  if (localStorage.getItem("hotline.test") !== "1") return;
  const page = window as Window & { __hotline?: object };
  page.__hotline = { ...page.__hotline, ...parts };
}
