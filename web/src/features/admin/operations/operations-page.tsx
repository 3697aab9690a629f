import { Stack, Text, Title } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { Empty } from "../frame/empty";
import { PageHead } from "../frame/page-head";
import { RowsSkeleton } from "../frame/page-skeleton";
import rows from "../frame/rows.module.css";
import { DecideDialog } from "./decide-dialog";
import { LetterRow } from "./letter-row";
import { type Decision, failedRefundsQuery, lettersQuery } from "./operations-api";
import { RefundRow } from "./refund-row";

/** What stopped and waits for somebody: refunds that failed, and events that could not be handled. */
export function Component() {
  const t = useTranslations("admin.operations");
  const [deciding, setDeciding] = useState<Decision>();
  const letters = useQuery(lettersQuery);
  const refunds = useQuery(failedRefundsQuery);
  return (
    <>
      <PageHead title={t("title")} about={t("about")} />
      <Stack gap="3rem">
        <Waiting title={t("refunds.title")} about={t("refunds.about")} query={refunds}>
          {(waiting) =>
            waiting.map((refund) => (
              <RefundRow key={refund.id} refund={refund} onRetry={() => setDeciding({ to: "retry", refund })} />
            ))
          }
        </Waiting>
        <Waiting title={t("letters.title")} about={t("letters.about")} query={letters}>
          {(waiting) =>
            waiting.map((letter) => (
              <LetterRow
                key={`${letter.service} ${letter.id}`}
                letter={letter}
                onDecide={(to) => setDeciding({ to, letter })}
              />
            ))
          }
        </Waiting>
      </Stack>
      {deciding && <DecideDialog decision={deciding} onClose={() => setDeciding(undefined)} />}
    </>
  );
}

interface WaitingProps<Row> {
  title: string;
  about: string;
  query: { data: Row[] | undefined; error: unknown; refetch: () => void };
  children: (rows: Row[]) => React.ReactNode;
}

function Waiting<Row>({ title, about, query: { data, error, refetch }, children }: WaitingProps<Row>) {
  const t = useTranslations("admin.operations");
  return (
    <section>
      <Title order={2} fz="h3">
        {title}
      </Title>
      <Text c="dimmed" mb="md" maw="44rem">
        {about}
      </Text>
      {error !== null && error !== undefined && <ProblemNote error={error} onRetry={refetch} />}
      {!data && !error && <RowsSkeleton rows={2} height={88} />}
      {data?.length === 0 && (
        <Empty title={t("nothing")}>
          <IconCircleCheck size={32} color="var(--mantine-color-teal-filled)" aria-hidden />
        </Empty>
      )}
      {data && data.length > 0 && <ul className={rows.rows}>{children(data)}</ul>}
    </section>
  );
}
