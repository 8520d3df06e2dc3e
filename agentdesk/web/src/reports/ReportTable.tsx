import { rankOf } from "../floor/order";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import type { Column } from "./columns";

type Line = { queue: string };
export type ReportName = "callbacks" | "overflows" | "waits";
type Props<L> = {
  name: ReportName;
  lines: readonly L[];
  columns: readonly Column<L>[];
  /** What tells lines of one queue from each other. */
  keyOf?: (line: L) => string;
  /** All lines together, where that says something. */
  all?: L;
};

/** The lines of a report, queues as they are defined. Its caption says what is counted. */
export function ReportTable<L extends Line>({ name, lines, columns, keyOf, all }: Props<L>) {
  const { t, label } = useSay();
  const { catalogue } = useSigned();
  const rank = rankOf(catalogue?.queues);
  const sorted = lines.toSorted((a, b) => rank(a.queue) - rank(b.queue));
  return (
    <div className="table-fit">
      <table className="table" data-testid={`table-${name}`}>
        <caption>{t(`reports.${name}.about`)}</caption>
        <thead>
          <tr>
            <th scope="col">{t("reports.queue")}</th>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={column.text ? undefined : "num"}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((line) => (
            <Row
              key={keyOf?.(line) ?? line.queue}
              testid={`${name}-${line.queue}`}
              head={label(catalogue?.queues, line.queue)}
              line={line}
              columns={columns}
            />
          ))}
        </tbody>
        {all && (
          <tbody className="table-all">
            <Row testid={`${name}-all`} head={t("reports.all")} line={all} columns={columns} />
          </tbody>
        )}
      </table>
    </div>
  );
}

type RowProps<L> = { testid: string; head: string; line: L; columns: readonly Column<L>[] };

function Row<L>({ testid, head, line, columns }: RowProps<L>) {
  return (
    <tr data-testid={testid}>
      <th scope="row">{head}</th>
      {columns.map(({ id, name, text, of }) => (
        <td key={id} className={text ? undefined : "num"} data-label={name} data-testid={id}>
          {of(line)}
        </td>
      ))}
    </tr>
  );
}
