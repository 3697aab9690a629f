import { Modal, type ModalProps } from "@mantine/core";
import { useTranslations } from "use-intl";

/** A dialog on top of the page: its button to close has a name and is large enough for a thumb, its head is no landmark of the page. */
export function Dialog(props: ModalProps) {
  const t = useTranslations("common.actions");
  return (
    <Modal
      centered
      closeButtonProps={{ "aria-label": t("close"), size: 44, iconSize: 24 }}
      attributes={{ header: { role: "presentation" } }}
      {...props}
    />
  );
}
