import { Box } from "@mantine/core";
import { useNavigate } from "react-router";
import { useTranslations } from "use-intl";
import { PageHead } from "../frame/page-head";
import { VenueForm } from "./venue-form";

/** Leads on to the venue that was made, where its screens are added. */
export function Component() {
  const t = useTranslations("admin.venues");
  const navigate = useNavigate();
  return (
    <>
      <PageHead title={t("newTitle")} about={t("newAbout")} back={{ to: "/admin/venues", label: t("title") }} />
      <Box maw="44rem">
        <VenueForm onSaved={(venue) => navigate(`/admin/venues/${venue.id}`, { replace: true })} />
      </Box>
    </>
  );
}
