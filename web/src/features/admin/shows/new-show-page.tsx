import { Box } from "@mantine/core";
import { useNavigate } from "react-router";
import { useTranslations } from "use-intl";
import { useAccount } from "@/features/session/session";
import { PageHead } from "../frame/page-head";
import { ShowForm } from "./show-form";

/** Leads on to the show that was made, where its poster is given. */
export function Component() {
  const t = useTranslations("admin.shows");
  const navigate = useNavigate();
  const account = useAccount();
  return (
    <>
      <PageHead title={t("newTitle")} about={t("newAbout")} back={{ to: "/admin/shows", label: t("title") }} />
      <Box maw="44rem">
        <ShowForm
          currency={account?.currency ?? ""}
          onSaved={(show) => navigate(`/admin/shows/${show.id}`, { replace: true })}
        />
      </Box>
    </>
  );
}
