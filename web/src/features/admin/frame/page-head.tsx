import { Anchor, Group, Stack, Text, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useTranslations } from "use-intl";

interface Props {
  title: string;
  /** One line below the title that says what the page is about. */
  about?: ReactNode;
  /** Where the page belongs to. */
  back?: { to: string; label: string };
  /** What can be done on the page as a whole. */
  children?: ReactNode;
}

/** The head of each page of the house; names the browser's tab, too. */
export function PageHead({ title, about, back, children }: Props) {
  const t = useTranslations("common");
  return (
    <header>
      <title>{`${title} · ${t("name")}`}</title>
      {back && (
        <Anchor component={Link} to={back.to} size="sm" c="dimmed" display="inline-flex" py={10}>
          <Group gap={6} wrap="nowrap">
            <IconArrowLeft size={16} aria-hidden />
            {back.label}
          </Group>
        </Anchor>
      )}
      <Group justify="space-between" align="flex-end" gap="md" mb="xl">
        <Stack gap={4}>
          <Title order={1} fz={{ base: "1.6rem", sm: "2rem" }} lh={1.2}>
            {title}
          </Title>
          {about && (
            <Text component="div" c="dimmed">
              {about}
            </Text>
          )}
        </Stack>
        {children && <Group gap="sm">{children}</Group>}
      </Group>
    </header>
  );
}
