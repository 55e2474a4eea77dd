/** The controls of growing: the generator, its parameters, carrying over. */
import type { Choice, Generator, Param, Range } from "../../api/types";
import { hint } from "../../model/keys";
import { h } from "../../ui/dom";
import { regrow } from "./edit";
import { generatorOf, isChoice } from "./growing";
import { keyButton, type Panel } from "./panels";
import type { Session } from "./session";

function slider(session: Session, generator: Generator, param: Range): Panel {
  const own = session.params[generator.name];
  const value = h("output", {});
  const keys = param.name === generator.support ? ` (${hint(session.app.preset, "supportLess")} and ${hint(session.app.preset, "supportMore")})` : "";
  const show = (): void => void (value.textContent = input.value = String(own[param.name]));
  const input = h("input", {
    type: "range", min: param.min, max: param.max, step: param.step, "aria-label": param.label, title: param.label + keys,
    oninput: () => {
      own[param.name] = Number(input.value);
      show();
    },
    onchange: () => regrow(session),
  });
  return { element: h("label", { class: "slider" }, h("span", {}, param.label), input, value), show };
}

function chooser(session: Session, generator: Generator, param: Choice): Panel {
  const own = session.params[generator.name];
  const keys = param.name === "polarity" ? ` (${hint(session.app.preset, "polarity")})` : "";
  const choice = h("select", {
    "aria-label": param.label, title: param.label + keys,
    onchange: () => {
      own[param.name] = choice.value;
      regrow(session);
    },
  }, ...param.choices.map((name) => h("option", { value: name }, name)));
  return { element: h("label", { class: "slider two" }, h("span", {}, param.label), choice), show: () => void (choice.value = String(own[param.name])) };
}

const control = (session: Session, generator: Generator, param: Param): Panel =>
  isChoice(param) ? chooser(session, generator, param) : slider(session, generator, param);

export function growPanel(session: Session): Panel {
  const choice = h("select", {
    "aria-label": "Generator", title: `Generator (${hint(session.app.preset, "generator")})`,
    onchange: () => {
      session.generator = choice.value;
      regrow(session);
    },
  }, ...session.app.project.generators.map(({ name, label }) => h("option", { value: name }, label)));
  const inner = h("div", { class: "settings" });
  const buttons = [keyButton(session, "propagateBack", "◂ Carry", "Carry to the previous frame"), keyButton(session, "repeat", "Repeat", "Repeat the previous frame's targets"),
    keyButton(session, "propagate", "Carry ▸", "Carry to the next frame; hold the key to go on")];
  let made: { name: string; controls: Panel[] } = { name: "", controls: [] };
  const show = (): void => {
    const generator = generatorOf(session);
    if (generator && generator.name !== made.name) {
      made = { name: generator.name, controls: generator.params.map((param) => control(session, generator, param)) };
      inner.replaceChildren(...made.controls.map(({ element }) => element));
    }
    choice.value = session.generator;
    for (const one of made.controls) one.show();
  };
  const element = h("section", { "aria-label": "Growing" }, h("h2", {}, "Grow"), choice, inner, h("div", { class: "verdicts three" }, ...buttons));
  return { element, show };
}
