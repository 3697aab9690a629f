/** Seats of each row, from the front: all rows are full but the last. */
export function rowsOf(capacity: number, seatsPerRow: number): number[] {
  const full = Math.floor(capacity / seatsPerRow);
  const rest = capacity % seatsPerRow;
  return [...Array.from({ length: full }, () => seatsPerRow), ...(rest ? [rest] : [])];
}

/** One path with a square for each seat, `pitch` apart, every row from the left; those from seat number `from` to `until`. */
export function seatsPath(from: number, until: number, seatsPerRow: number, pitch: number): string {
  const size = pitch * 0.72;
  let path = "";
  for (let seat = from; seat < until; seat++) {
    path += `M${(seat % seatsPerRow) * pitch} ${Math.floor(seat / seatsPerRow) * pitch}h${size}v${size}h${-size}z`;
  }
  return path;
}
