import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The red of cinema chairs; 7 on white and white on 7 reach 4.5:1 (WCAG AA). */
const velvet: MantineColorsTuple = [
  "#ffeef1",
  "#fcd9e0",
  "#f5adbb",
  "#ef7f95",
  "#e95875",
  "#e63f61",
  "#d92b50",
  "#b5173a",
  "#a11234",
  "#8c082b",
];

/** Near black with a hint of violet, as a hall before the film begins. */
const dark: MantineColorsTuple = [
  "#e9e8ef",
  "#c6c4d1",
  "#a9a7b8",
  "#8d8a9e",
  "#4b4859",
  "#35323f",
  "#26242f",
  "#1d1b24",
  "#14131a",
  "#0d0c11",
];

export const theme = createTheme({
  primaryColor: "velvet",
  primaryShade: { light: 7, dark: 6 },
  colors: { velvet, dark },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans Devanagari', sans-serif",
  headings: { fontWeight: "750", fontFamily: "inherit" },
  defaultRadius: "md",
  cursorType: "pointer",
  autoContrast: true,
  respectReducedMotion: true,
});
