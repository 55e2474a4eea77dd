/** Settings of the generators. A change grows the chosen target again. */
import type { Choice, Generator, Param } from "../../api/types";
import { toast } from "../../ui/toast";
import { regrow } from "./edit";
import type { Session } from "./session";

export const isChoice = (param: Param): param is Choice => "choices" in param;

export const generatorOf = ({ app, generator }: Session): Generator | undefined => app.project.generators.find(({ name }) => name === generator);

export const after = <T>(list: readonly T[], now: T): T => list[(list.indexOf(now) + 1) % list.length];

export function changeSupport(session: Session, step: number): void {
  const generator = generatorOf(session);
  const param = generator?.params.find(({ name }) => name === generator.support);
  if (!param || isChoice(param)) return void toast(`${generator?.label ?? "This generator"} has no support to change`);
  const own = session.params[session.generator];
  own[param.name] = Math.min(param.max, Math.max(param.min, Number(own[param.name]) + step * param.step));
  regrow(session);
}

export function nextGenerator(session: Session): void {
  session.generator = after(session.app.project.generators.map(({ name }) => name), session.generator);
  regrow(session);
}

export function nextPolarity(session: Session): void {
  const generator = generatorOf(session);
  const param = generator?.params.find(({ name }) => name === "polarity");
  if (!param || !isChoice(param)) return void toast(`${generator?.label ?? "This generator"} has no polarity to choose`);
  const own = session.params[session.generator];
  own.polarity = after(param.choices, String(own.polarity));
  toast(`Polarity: ${own.polarity}`, { seconds: 2 });
  regrow(session);
}
