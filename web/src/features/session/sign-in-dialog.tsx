import { Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { Dialog } from "@/shared/components/dialog";
import { SignInForm } from "./sign-in-form";

/** The form on top of the page; `onClose` follows a sign-in as well as a change of mind. */
export default function SignInDialog({ reason, onClose }: { reason?: string; onClose: () => void }) {
  const t = useTranslations("session");
  return (
    <Dialog opened onClose={onClose} title={t("signInTitle")}>
      {reason && <Text mb="md">{reason}</Text>}
      <SignInForm onDone={onClose} />
    </Dialog>
  );
}
