import { isMissing } from "@/api/errors";
import { NotFound } from "./not-found";
import { ProblemNote } from "./problem";

/** In the place of a whole page: that there is nothing here, or what kept it from coming. */
export function PageProblem({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return isMissing(error) ? <NotFound /> : <ProblemNote error={error} onRetry={onRetry} />;
}
