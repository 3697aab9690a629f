/** What a poster is made of, whoever draws it: components/poster in the app, features/home/early-home before there is one. */

import type { Api } from "@/api/types";

export { default as posterClasses } from "./poster.module.css";

/** The files of a poster as the srcset attribute has them. */
export const posterSources = (files: Api["poster_file"][]): string =>
  files.map(({ url, width }) => `${url} ${width}w`).join(", ");

/** What is seen first is fetched before all else; the rest when it comes into view. */
export const posterHaste = (isFirst: boolean) =>
  isFirst
    ? ({ loading: "eager", fetchPriority: "high", decoding: "sync" } as const)
    : ({ loading: "lazy", fetchPriority: "auto", decoding: "async" } as const);
