import { Container, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { useTranslations } from "use-intl";
import { SignedInOnly } from "@/features/session/signed-in-only";
import { ProblemNote } from "@/shared/components/problem";
import { useFormats } from "@/shared/format/use-formats";
import { walletQuery } from "./api";
import { Movements } from "./movements";
import { TopUpForm } from "./top-up-form";
import { amountAskedFor } from "./top-up-rules";
import classes from "./wallet.module.css";

const usualCurrency = "INR"; // until the wallet has told its own

export function Component() {
  return (
    <SignedInOnly>
      <WalletPage />
    </SignedInOnly>
  );
}

/** `?amount=` fills the form in, `?next=` is where one returns to when the money is there: so checkout sends people here. */
function WalletPage() {
  const t = useTranslations("wallet");
  const formats = useFormats();
  const [parameters] = useSearchParams();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(walletQuery);
  const newest = data?.pages[0];
  const currency = newest?.currency ?? usualCurrency;
  return (
    <Container size="sm" py="xl">
      <title>{t("title")}</title>
      <Stack gap={40}>
        <Stack>
          <Title order={1}>{t("title")}</Title>
          <div className={classes.balance}>
            <Text>{t("balance")}</Text>
            <div className={classes.amount} aria-live="polite">
              {newest ? formats.money(newest.current_amount, currency) : <Skeleton width="9ch" height="1.15em" />}
            </div>
          </div>
          {error && <ProblemNote error={error} onRetry={() => refetch()} />}
        </Stack>
        <TopUpForm first={amountAskedFor(parameters.get("amount"))} next={parameters.get("next")} currency={currency} />
        {!(error && !data) && (
          <Movements
            movements={data?.pages.flatMap(({ transactions }) => transactions)}
            currency={currency}
            onMore={hasNextPage ? fetchNextPage : undefined}
            loadsMore={isFetchingNextPage}
          />
        )}
      </Stack>
    </Container>
  );
}
