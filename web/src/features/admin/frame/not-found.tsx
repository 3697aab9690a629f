import { useTranslations } from "use-intl";
import { PageHead } from "./page-head";

export function Component() {
  const t = useTranslations();
  return (
    <PageHead
      title={t("common.errors.notFoundTitle")}
      about={t("common.errors.notFound")}
      back={{ to: "/admin", label: t("admin.nav.dashboard") }}
    />
  );
}
