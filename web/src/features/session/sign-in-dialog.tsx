import { Modal, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { SignInForm } from "./sign-in-form";

/** The form on top of the page; `onClose` follows a sign-in as well as a change of mind. */
export default function SignInDialog({ reason, onClose }: { reason?: string; onClose: () => void }) {
  const t = useTranslations("session");
  return (
    <Modal opened onClose={onClose} title={t("signInTitle")} centered>
      {reason && <Text mb="md">{reason}</Text>}
      <SignInForm onDone={onClose} />
    </Modal>
  );
}
