/** Starts the page and shows the screen the address asks for. */
import "./style.css";
import { ApiError } from "./api/client";
import { LET_IN } from "./api/words";
import { createApp, type App } from "./app";
import { frameAt } from "./model/address";
import { openAnnotate } from "./screens/annotate/screen";
import { openCompare } from "./screens/compare";
import { openQueue } from "./screens/queue";
import { openReview } from "./screens/review";
import { h } from "./ui/dom";
import { clearToasts } from "./ui/toast";

/** A screen fills `root` and answers with what ends it. */
export type Close = () => void;

const root = document.getElementById("app") ?? document.body;
let close: Close = () => undefined;

function open(app: App): Close {
  const place = frameAt(location.pathname);
  if (place) return openAnnotate(app, root, place.sequence, place.index);
  if (location.pathname === "/review") return openReview(app, root);
  if (location.pathname === "/compare") return openCompare(app, root);
  return openQueue(app, root);
}

function show(app: App): void {
  close();
  app.release();
  root.replaceChildren();
  clearToasts();
  document.querySelectorAll("dialog").forEach((dialog) => dialog.remove());
  close = open(app);
}

function followLinks(app: App): void {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-link]") : null;
    if (!link || event.ctrlKey || event.metaKey || event.button) return;
    event.preventDefault();
    app.go(link.pathname);
  });
}

async function start(): Promise<void> {
  if (location.search.includes("token=")) history.replaceState(null, "", location.pathname); // the cookie has it by now
  const app = await createApp((path, replace) => {
    void app.outbox.flush();
    history[replace ? "replaceState" : "pushState"](null, "", path);
    if (!replace) show(app);
  });
  addEventListener("popstate", () => show(app));
  followLinks(app);
  show(app);
}

const NO_KEY = 401;

start().catch((error: Error) => {
  const outside = error instanceof ApiError && error.status === NO_KEY;
  const text = outside ? ["Not let in", `Please ${LET_IN}.`] : ["The page cannot start", `${error.message}. Is \`glimt annotate\` still running? Start it and reload this page.`];
  root.replaceChildren(h("div", { class: "fatal", role: "alert" }, h("h1", {}, text[0]), h("p", {}, text[1])));
});
