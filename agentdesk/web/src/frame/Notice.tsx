import type { ReactNode } from "react";
import { Icon } from "./Icon";

/** One line under the top bar. */
export function Notice({ testid, children }: { testid: string; children: ReactNode }) {
  return (
    <div className="notice" data-testid={testid}>
      <Icon sign="alert" />
      <p>{children}</p>
    </div>
  );
}
