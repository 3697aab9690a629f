import type { Api } from "@/api/types";

/** How posters look, on the early page too. */
export { default as posterClasses } from "./poster.module.css";

/** The files of a poster as the srcset attribute has them. */
export const posterSources = (files: Api["poster_file"][]): string =>
  files.map(({ url, width }) => `${url} ${width}w`).join(", ");
