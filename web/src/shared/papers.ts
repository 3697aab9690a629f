import { api, unwrap } from "@/api/client";
import type { Language } from "@/messages";

/** What a booking can be had as. */
export const papers = {
  pdf: { path: "/bookings/{id}/tickets.pdf", fileName: (id: number) => `ticket-show-${id}.pdf` },
  calendar: { path: "/bookings/{id}/calendar.ics", fileName: (id: number) => `ticket-show-${id}.ics` },
} as const;
export type Paper = keyof typeof papers;

export async function fetchPaper(paper: Paper, id: number, language: Language): Promise<Blob> {
  const params = { path: { id }, query: { language } };
  return (await unwrap(api.GET(papers[paper].path, { params, parseAs: "blob" }))) as unknown as Blob;
}
