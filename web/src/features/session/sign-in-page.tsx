import { useNavigate, useSearchParams } from "react-router";
import { withinApp } from "@/shared/within-app";
import { SignInForm } from "./sign-in-form";

/** Leads on to `next`, a path within the app. */
export function Component() {
  const [parameters] = useSearchParams();
  const navigate = useNavigate();
  return <SignInForm onDone={() => navigate(withinApp(parameters.get("next"), "/"), { replace: true })} />;
}
