/** Tells colleagues which frame is being worked on, and the person who else works on it. */
import * as api from "../../api/client";
import { toast } from "../../ui/toast";
import { readonly, type Session } from "./session";

const DWELL = 700; // milliseconds: frames that only fly by are not leased
const BEAT = 30_000; // well within the two minutes that a lease lasts

export interface LeaseKeeper { follow(): void; close(): void }

const NOBODY: LeaseKeeper = { follow: () => undefined, close: () => undefined };

/** `follow` is called whenever anything changed; it acts when the frame is another one. */
export function keepLease(session: Session): LeaseKeeper {
  if (readonly(session)) return NOBODY;
  let wanted = -1;
  let held: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function giveBack(): void {
    if (held !== null) api.release(held);
    held = null;
  }

  async function take(told: boolean): Promise<void> {
    clearTimeout(timer);
    timer = setTimeout(() => void take(true), BEAT);
    const id = wanted;
    const lease = await api.lease(id).catch(() => null);
    if (!lease?.mine) return void (lease && !told && id === wanted && toast(`${lease.user} is working on this frame`, { seconds: 8 }));
    if (id === wanted) held = id;
    else api.release(id);
  }

  return {
    follow() {
      if (session.frame.id === wanted) return;
      wanted = session.frame.id;
      giveBack();
      clearTimeout(timer);
      timer = setTimeout(() => void take(false), DWELL);
    },
    close() {
      wanted = -1;
      clearTimeout(timer);
      giveBack();
    },
  };
}
