import './charts.css'
import { lazy, Suspense, useId, useState } from 'react'
import tableIcon from '~icon/table'
import chartIcon from '~icon/bar-chart'
import download from '~icon/download'
import { csv, saveAs } from '@/lib/csv'
import { number } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Button } from '../Button'
import { uiTexts } from '../texts'
import { Skeleton } from '../Waiting'

/** One bar, column or point: its name and a value for each series. */
export interface Datum {
  label: string
  values: readonly number[]
}

export type SeriesTone = 'spent' | 'paid' | 'allotted' | 'held' | 'grey' | 'waiting'

export interface Series {
  label: string
  tone?: SeriesTone
}

export interface ChartProps {
  title: string
  /** What the chart shows, in one sentence: it is its text alternative. */
  finding: string
  kind: 'bars' | 'columns' | 'line'
  /** What the rows are: „Aktivita", „Týden". */
  rowLabel: string
  series: readonly Series[]
  data: readonly Datum[]
  /** How values are written; whole numbers unless told. */
  format?: (value: number) => string
}

const Plot = lazy(() => import('./Plot'))

/** Title, finding, chart drawn as SVG, the same as a table and as CSV. */
export function Chart(props: ChartProps) {
  const { title, finding, series, data, rowLabel, format = (value: number) => number(value) } = props
  const t = useTexts(uiTexts)
  const [asTable, setAsTable] = useState(false)
  const titleId = useId()
  const save = () => saveAs(`${title}.csv`, csv([rowLabel, ...series.map(one => one.label)], data.map(datum => [datum.label, ...datum.values])))
  return (
    <section className="card chart" aria-labelledby={titleId}>
      <div className="card-head">
        <h3 id={titleId}>{title}</h3>
        <Button look="quiet" size="s" icon={asTable ? chartIcon : tableIcon} onClick={() => setAsTable(!asTable)}>{asTable ? t.chart : t.table}</Button>
      </div>
      <p className="small soft">{finding}</p>
      {series.length > 1 && !asTable && (
        <ul className="chart-legend small">
          {series.map((one, i) => <li key={one.label}><span className="chart-swatch" data-tone={one.tone ?? TONES[i]} aria-hidden="true" />{one.label}</li>)}
        </ul>
      )}
      {asTable ? (
        <>
          <div className="chart-table"><DataAsTable {...{ title, rowLabel, series, data, format }} /></div>
          <div><Button look="quiet" size="s" icon={download} onClick={save}>{t.downloadCsv}</Button></div>
        </>
      ) : (
        <Suspense fallback={<Skeleton lines={5} height={24} />}><Plot {...props} format={format} /></Suspense>
      )}
    </section>
  )
}

export const TONES: readonly SeriesTone[] = ['spent', 'grey', 'waiting', 'allotted', 'paid']

function DataAsTable({ title, rowLabel, series, data, format }: Pick<Required<ChartProps>, 'title' | 'rowLabel' | 'series' | 'data' | 'format'>) {
  return (
    <table className="chart-data small">
      <caption className="visually-hidden">{title}</caption>
      <thead><tr><th scope="col">{rowLabel}</th>{series.map(one => <th key={one.label} scope="col" className="end">{one.label}</th>)}</tr></thead>
      <tbody>
        {data.map(datum => (
          <tr key={datum.label}>
            <th scope="row">{datum.label}</th>
            {datum.values.map((value, i) => <td key={i} className="end nowrap">{format(value)}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
