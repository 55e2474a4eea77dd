/** Labels out of the project and into it. */
import type { App } from "../app";
import * as api from "../api/client";
import { importedText } from "../model/words";
import { button, h } from "../ui/dom";
import { toast } from "../ui/toast";

const SAID = 12; // seconds

/** Runs one thing at a time: the button is away while it runs. */
async function during(pressed: HTMLButtonElement, act: () => Promise<void>, failed: string): Promise<void> {
  pressed.disabled = true;
  try {
    await act();
  } catch (error) {
    toast(`${failed}: ${(error as Error).message}`, { kind: "warn", seconds: SAID });
  } finally {
    pressed.disabled = false;
  }
}

async function download(app: App, format: string): Promise<void> {
  await app.outbox.flush();
  const url = await api.exported(format);
  h("a", { href: url, download: "" }).click();
  toast(`Exported as ${format}`);
}

export function exporter(app: App): HTMLElement {
  const format = h("select", { "aria-label": "Export format" }, ...app.project.export_formats.map((name) => h("option", { value: name }, name)));
  const press = button("Export", () => void during(press, () => download(app, format.value), "No export"), { title: "Download what is accepted" });
  return h("div", { class: "filters" }, format, press, ...(app.project.readonly ? [] : importer(app)));
}

const TIP = "Bring in a .csv of clicks, or a .zip of masks, of an export, or of a dataset";

function importer(app: App): HTMLElement[] {
  const field = h("input", { type: "file", accept: ".csv,.zip", hidden: true, tabindex: -1, "aria-hidden": "true" });
  const press = button("Import…", () => field.click(), { title: TIP });
  const bring = async (file: File): Promise<void> => {
    await app.outbox.flush();
    const told = importedText(await api.importFile(file));
    app.go("/");
    toast(`${file.name}: ${told}`, { seconds: SAID });
  };
  field.addEventListener("change", () => {
    const file = field.files?.[0];
    field.value = "";
    if (file) void during(press, () => bring(file), `${file.name} did not come in`);
  });
  return [press, field];
}
