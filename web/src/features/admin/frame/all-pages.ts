const pageSize = 100; // the API's most
const mostPages = 50;

/** Everything of a list that the API gives out in pages; at most 5,000 rows. */
export async function allPages<Row>(page: (at: { skip: number; limit: number }) => Promise<Row[]>): Promise<Row[]> {
  const all: Row[] = [];
  for (let turn = 0; turn < mostPages; turn++) {
    const rows = await page({ skip: all.length, limit: pageSize });
    all.push(...rows);
    if (rows.length < pageSize) break;
  }
  return all;
}
