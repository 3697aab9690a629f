/** Gives `content` to the browser to be kept as a file. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read by then; until the page goes it would keep the content otherwise.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
